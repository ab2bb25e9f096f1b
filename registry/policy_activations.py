"""How the policy of a change comes into force."""

from registry.changes import Change
from registry.decisions import Decision, Situation, policy_path
from registry.errors import Stale
from registry.payloads import PolicyActivated
from registry.recalled_content import contents_of, refuse_recalled
from registry.state import Environment


def put_in_force(
    situation: Situation, environment: Environment, change: Change
) -> Decision:
    """Raises:
    RecalledContent: The policy was recalled.
    """
    revision = change.revision
    proposed = revision.proposed_policy
    if proposed is None:
        raise Stale(f"change {change.id} has no policy in it")
    contents = contents_of(environment, change, situation.documents)
    refuse_recalled(situation.state, contents)
    return Decision(
        payload=PolicyActivated(
            change=change.id,
            environment=environment.name,
            policy=proposed.policy,
            digest=proposed.digest,
        ),
        subject=f"Put the policy of change {change.id} in force in "
        f"{environment.name}: {revision.title}",
        trailers=(
            ("Change", str(change.id)),
            ("Review-Digest", revision.review_digest),
        ),
        files={policy_path(environment.name): proposed.source.encode()},
    )
