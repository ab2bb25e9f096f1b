"""Mistakes that somebody could make in the rules, each as small as it could be.

Each replaces some text of a module, which has to be there exactly once.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Attributes:
    name: What is wrong then, as a sentence.
    edits: Module, what stands there, and what is planted.
    """

    name: str
    edits: tuple[tuple[str, str, str], ...]


def _mistake(name: str, *edits: tuple[str, str, str]) -> Mistake:
    return Mistake(name=name, edits=edits)


MISTAKES = (
    # Votes.
    _mistake(
        "a vote for an earlier revision counts",
        (
            "votes",
            "if vote.review_digest == change.revision.review_digest:",
            "if True:",
        ),
    ),
    _mistake(
        "an approval lasts for ever",
        ("votes", "return end is not None and now >= end", "return False"),
    ),
    _mistake(
        "asking for changes keeps nothing back",
        ("votes", "return (*change.vetoes, *asked)", "return change.vetoes"),
    ),
    _mistake(
        "an author votes on their own change",
        (
            "reviews",
            "if actor.handle in change.contributors and not retracts:",
            "if False:",
        ),
    ),
    _mistake(
        "whoever writes on after they have agreed still counts",
        ("votes", " and vote.by not in change.contributors", ""),
    ),
    _mistake(
        "only the last author of a text has worked on it",
        ("authorship", "            waiting.append(origin.base)\n", ""),
    ),
    _mistake(
        "one person agrees in two seats",
        ("votes", "last[vote.by] = vote", "last[vote.by, vote.seat] = vote"),
    ),
    _mistake(
        "a veto is cleared by anybody",
        (
            "reviews",
            "    if command.veto_by == situation.actor.handle:",
            "    if True:",
        ),
    ),
    _mistake(
        "a new revision is free of vetoes",
        (
            "change_fold",
            "        moved=None,\n    )\n    return with_change(or",
            "        moved=None, vetoes=(),\n    )\n    return with_change(or",
        ),
    ),
    _mistake(
        "a token votes",
        (
            "authorization",
            "VOTE: Rule(seats=True, apart=True, session=True,",
            "VOTE: Rule(seats=True, apart=True,",
        ),
        ("people", "person.seats if identity.via == SESSION else ()", "person.seats"),
    ),
    _mistake(
        "anybody who holds a seat rejects for good",
        ("reviews", "    if seat not in named:", "    if False:"),
    ),
    # Seats and people.
    _mistake(
        "whoever has left still agrees",
        ("seats", "        and person.active\n", ""),
    ),
    _mistake(
        "a seat that was taken away still agrees",
        ("seats", "        and seat in person.seats\n", ""),
    ),
    _mistake(
        "a new seat votes at once",
        ("seats", "state.environment(environment).policy.seat_hours", "0"),
    ),
    _mistake(
        "a seat for some names speaks for all",
        (
            "seats",
            "    if limit is None:\n        return because",
            "    if True:\n        return because",
        ),
    ),
    _mistake(
        "one administrator gives a seat alone",
        ("administrators", "if gains(had, after, one))", "if False)"),
    ),
    _mistake(
        "whoever asked for a seat confirms it",
        ("appointments", "if asked.by == situation.actor.handle:", "if False:"),
    ),
    # What is asked.
    _mistake(
        "where nobody is eligible, nobody is asked",
        (
            "quorums",
            "bool(asked.because) and not coverage.lacking",
            "bool(asked.because) and not (found.lacking and found.could)",
        ),
    ),
    _mistake(
        "what no requirement covers is free",
        ("quorums", "met=asked.covered,", "met=True,"),
    ),
    _mistake(
        "one is enough where two are asked",
        ("quorums", "if len(t) < count}", "if not t}"),
        ("quorums", "t[count - 1]", "t[-1]"),
    ),
    _mistake(
        "in production a policy may ask nobody",
        ("floors", "    asked = tuple(asked)\n", "    return None\n"),
    ),
    _mistake(
        "a policy satisfies the old one alone",
        (
            "proposals",
            "union(match(environment.policy, asked), match(new, asked))",
            "match(environment.policy, asked)",
        ),
    ),
    _mistake(
        "a policy satisfies itself alone",
        (
            "proposals",
            "union(match(environment.policy, asked), match(new, asked))",
            "match(new, asked)",
        ),
    ),
    # Going live.
    _mistake(
        "what is not agreed to goes live",
        ("activations", "refuse_not_agreed(state, change, now)", "()"),
    ),
    _mistake(
        "what is stale goes live",
        ("activations", "refuse_not_current(state, change)", "()"),
    ),
    _mistake(
        "a policy that has changed makes nothing stale",
        (
            "staleness",
            "    if (environment.policy_digest, environment.policy_since) != (",
            "    if False and () != (",
        ),
    ),
    _mistake(
        "only when a policy came into force does not matter",
        (
            "staleness",
            "(environment.policy_digest, environment.policy_since) != (",
            "(environment.policy_digest, pin.since) != (",
        ),
    ),
    _mistake(
        "another version at the base makes nothing stale",
        ("staleness", "        if now != edit.base:", "        if False:"),
    ),
    _mistake(
        "an old review digest activates",
        ("activations", "if named != change.revision.review_digest:", "if False:"),
    ),
    _mistake(
        "an expired change goes on",
        ("proposals", "if situation.now >= expires:", "if False:"),
    ),
    _mistake(
        "a change is activated twice",
        ("proposals", "if change.outcome is not None:", "if False:"),
    ),
    _mistake(
        "an author activates where the policy does not let them",
        ("activations", "owns = policy.authors_activate and", "owns ="),
    ),
    _mistake(
        "an operator activates their own change of tier high",
        (
            "activations",
            "if separate and actor.handle in change.contributors:",
            "if False:",
        ),
    ),
    _mistake(
        "what is deleted stays in the tree",
        ("going_live", "files[live_path(environment, document_ref)] = None\n", "()\n"),
    ),
    _mistake(
        "a version gets other bytes",
        (
            "going_live",
            "    _check_claims(state, edited.replacements.values())",
            "    ()",
        ),
        (
            "going_live",
            "if (document.ref, document.version) not in state.claims:",
            "if True:",
        ),
    ),
    # Time.
    _mistake(
        "a freeze keeps nothing back",
        ("activations", "refuse_frozen(state, change, now)", "()"),
    ),
    _mistake(
        "of two freeze windows the first that is closed opens",
        (
            "freezes",
            "        if until is not None:\n            found.append",
            "        if until is None:\n            return ()\n"
            "        else:\n            found.append",
        ),
    ),
    _mistake(
        "a schedule is early",
        ("activations", "refuse_early(change.id, change.revision, now)", "()"),
    ),
    _mistake(
        "a schedule is kept however late",
        ("schedules", "    if is_late(policy, revision, now):", "    if False:"),
    ),
    _mistake(
        "a policy comes into force at once",
        ("activations", "refuse_cooling_down(state, change, now)", "()"),
    ),
    _mistake(
        "a clock that is set back counts",
        (
            "decide",
            "now = next_time(situation.now, situation.state.head.at)",
            "now = situation.now",
        ),
    ),
    _mistake(
        "an event may be older than the one before",
        ("fold", "event.at <= state.head.at", "False"),
    ),
    _mistake(
        "a moment belongs to the seq before",
        ("state", "self.moments[middle].at <= at", "self.moments[middle].at < at"),
    ),
    # Checks.
    _mistake(
        "a result of last year is enough",
        ("required_checks", "if days is None or", "if True or"),
    ),
    _mistake(
        "an author vouches for their own change",
        ("evidence", "    if attached.by in change.contributors:", "    if False:"),
    ),
    _mistake(
        "a waiver does not end",
        ("required_checks", "        and now < waiver.expires\n", ""),
    ),
    _mistake(
        "a waiver is for every revision",
        (
            "required_checks",
            "        and waiver.review_digest == change.revision.review_digest\n",
            "",
        ),
    ),
    # Back, recalls, emergencies.
    _mistake(
        "what was recalled goes live",
        ("going_live", "refuse_recalled(state, incoming(environment, outlook))", "()"),
    ),
    _mistake(
        "a bot comes back with what was recalled",
        (
            "resumptions",
            "refuse_recalled(situation.state, contents)",
            "()",
        ),
    ),
    _mistake(
        "a rollback goes back as far as it likes",
        ("rollbacks", "elif ended is not None and ended < horizon:", "elif False:"),
    ),
    _mistake(
        "a rollback of tier high asks nobody",
        ("rollbacks", "    if not why or not asked:", "    if True:"),
    ),
    _mistake(
        "a rollback says another seq than it goes back to",
        (
            "rollbacks",
            "        restored=target.restored,\n        reason",
            "        restored=environment.seq,\n        reason",
        ),
    ),
    _mistake(
        "an emergency goes over a veto",
        ("emergencies", "    _refuse_blocked(change)\n", ""),
    ),
    _mistake(
        "another emergency goes before the last one is decided",
        (
            "emergencies",
            "if concerned and is_overdue(one, situation.now):",
            "if False:",
        ),
    ),
    _mistake(
        "an emergency is not agreed to afterwards",
        (
            "fold",
            "    if not isinstance(payload, payloads.Activated) or",
            "    if True or",
        ),
    ),
    _mistake(
        "whoever activated ratifies it",
        ("judgements", "if actor.handle in ratification.opened.excluded:", "if False:"),
        ("judgements", " or handle in ratification.opened.excluded:", ":"),
    ),
    # The record.
    _mistake(
        "the moment is not in the review digest",
        ("review_digest", "revision.earliest and revision", "None and revision"),
    ),
    _mistake(
        "what it replaces is not in the review digest",
        (
            "review_digest",
            "[e.document, _base(e.base), e.digest]",
            "[e.document, e.digest]",
        ),
    ),
    _mistake(
        "a new comment takes the place of the last one",
        ("change_fold", "comments=(*change.comments, comment)", "comments=(comment,)"),
    ),
    _mistake(
        "deciding draws lots",
        (
            "decide",
            "    now = next_time(situation.now, situation.state.head.at)\n",
            "    now = next_time(situation.now, situation.state.head.at)\n"
            "    from random import random\n"
            "    if random() < 0.005:\n"
            '        raise NotAllowed("no luck", hint="Try again.")\n',
        ),
    ),
)
