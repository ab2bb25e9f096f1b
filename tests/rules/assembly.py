"""A registry without git and SQL: a state, the texts, and a clock that is moved.

Every command goes through what the rules consist of (`decide`, `seal`, `dump`,
`parse`, `apply`) as the writer takes it through them; `act` is the one way in,
the other methods only fill in what a test does not care about.

Three environments.  In `development` nobody is asked and authors activate; in
`staging` the seat product agrees.  `production` is strict:

    product     to everything, its policy included
    risk        to documents of tier high
    board       to the policy; may reject, and clear somebody's veto
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from registry import commands, events
from registry.activations import replacements_of
from registry.changes import Change, Status, Verdict
from registry.decide import decide
from registry.decisions import Situation, seal
from registry.documents import Document, dump, parse
from registry.events import Event
from registry.fold import EMPTY, apply
from registry.names import Digest, Ref, digest_of
from registry.people import SESSION, Identity, Role, person, recognise
from registry.policy_text import parse_policy
from registry.rollbacks import Preview, preview
from registry.standing import Standing, requirements, stale_because, status
from registry.state import Environment

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)

DEVELOPMENT = """\
environment: development
authors_activate: true
requirements:
  - {name: everybody tries things out, open: true}
"""
STAGING = """\
environment: staging
requirements:
  - {name: product agrees, seat: product}
"""
PRODUCTION = """\
environment: production
rejecters: [board]
veto_clearers: [board]
requirements:
  - {name: product agrees, seat: product}
  - {name: risk agrees, seat: risk, tiers: [high], kinds: [prompt, fragment, bot]}
  - {name: the board agrees, seat: board, kinds: [policy]}
"""
PEOPLE: dict[str, tuple[tuple[Role, ...], tuple[str, ...]]] = {
    "admin": ((Role.ADMIN,), ()),
    "second-admin": ((Role.ADMIN,), ()),
    "author": ((Role.AUTHOR,), ()),
    "editor": ((Role.AUTHOR,), ()),
    "promoter": ((Role.AUTHOR,), ()),
    "operator": ((Role.OPERATOR,), ()),
    "product": ((Role.AUTHOR,), ("product",)),
    "second-product": ((Role.AUTHOR,), ("product",)),
    "risk": ((Role.AUTHOR,), ("risk",)),
    "board": ((Role.VIEWER,), ("board",)),
    "legal": ((Role.VIEWER,), ("legal",)),
    "viewer": ((Role.VIEWER,), ()),
}

PROMPT = "prompts/acme/refunds"
TONE = "fragments/acme/tone"
BOT = "bots/acme/support"


def make_prompt(
    version: str,
    text: str = "Be kind.",
    *,
    name: str = "acme/refunds",
    tier: str | None = "low",
    owner: str = "product",
) -> Document:
    return _made(
        "prompt", name, version, tier, owner, {"template": "none"} | _says(text)
    )


def make_fragment(
    version: str,
    text: str = "Be kind.",
    *,
    name: str = "acme/tone",
    tier: str | None = "low",
    owner: str = "product",
    template: str = "none",
) -> Document:
    extra = {"template": template, "text": text}
    if template == "simple":
        inputs = {"mood": {"type": "string", "default": "kind"}}
        extra["inputs"] = {
            "type": "object",
            "properties": inputs,
            "additionalProperties": False,
        }
    return _made("fragment", name, version, tier, owner, extra)


def make_bot(
    version: str,
    prompts: Iterable[str] = ("acme/refunds",),
    *,
    name: str = "acme/support",
    tier: str | None = "low",
    owner: str = "product",
    purpose: str = "Support",
    range: str | None = None,
) -> Document:
    """Args:
    range: The versions that the bot accepts of each prompt.
    """
    ranged = {"range": range} if range else {}
    extra = {
        "purpose": purpose,
        "audience": "Customers",
        "deputy": "editor",
        "on_call": "promoter",
        "review_by": "2027-01-01",
        "disclosure": "You talk to a machine.",
        "fallback": "Please call us.",
        "prompts": {
            f"role-{n}": {"name": prompt} | ranged for n, prompt in enumerate(prompts)
        },
    }
    return _made("bot", name, version, tier, owner, extra)


def including(fragment: str = TONE, text: str = "Be kind.") -> str:
    """The text of a prompt or fragment that includes *fragment*."""
    return f"{text} {{{{> {fragment} }}}}"


def _says(text: str) -> dict:
    return {"messages": [{"role": "system", "content": text}]}


def _made(kind, name, version, tier, owner, extra) -> Document:
    value = {"kind": kind, "name": name, "version": version, "owner": owner}
    value |= {"description": f"A {kind}."} | extra
    return parse(dump(value | ({"tier": tier} if tier else {})))


class Registry:
    """Attributes:
    now: What the clock says; it stands still until `wait`.
    events: Everything that happened.
    """

    def __init__(
        self,
        *,
        production: str = PRODUCTION,
        staging: str = STAGING,
        people: dict = PEOPLE,
    ) -> None:
        self.state = EMPTY
        self.now = NOON
        self.documents: dict[Digest, Document] = {}
        self.events: list[Event] = []
        self._people = tuple(
            person(handle, roles=roles, seats=seats, active=True)
            for handle, (roles, seats) in people.items()
        )
        create = commands.Create(
            repository="tested",
            policies=tuple(
                parse_policy(text.encode())
                for text in (DEVELOPMENT, staging, production)
            ),
            people=self._people,
        )
        self.act("admin", create)

    def situation(
        self, handle: str, via: str = SESSION, roles: Iterable[Role] | None = None
    ) -> Situation:
        known = self.state.people or {one.handle: one for one in self._people}
        limited = None if roles is None else frozenset(roles)
        return Situation(
            state=self.state,
            actor=recognise(Identity(handle=handle, via=via, roles=limited), known),
            now=self.now,
            documents=self.documents,
        )

    def act(
        self,
        handle: str,
        command: commands.Command,
        *,
        via: str = SESSION,
        roles: Iterable[Role] | None = None,
        key: str | None = None,
    ) -> Event:
        """Carry *command* out, and return the event."""
        situation = self.situation(handle, via, roles)
        decision = decide(situation, command)
        event = seal(
            decision,
            head=self.state.head,
            actor=situation.actor,
            key=key,
            command=commands.fingerprint(command),
            now=situation.now,
        )
        body = events.dump(event)
        self.state = apply(self.state, events.parse(body), digest_of(body))
        self.events.append(event)
        for path, text in decision.files.items():
            if text is not None and path.startswith("proposals/"):
                self._keep(path, text)
        return event

    def _keep(self, path: str, text: bytes) -> None:
        if "/policy/" not in path:
            self.documents[digest_of(text)] = parse(text)

    def pretend(self, change: int, **what) -> None:
        """Let the current revision say something else than what was submitted.

        As if another release had made it, which composes texts otherwise.
        """
        before = self.change(change)
        other = replace(before.revision, **what)
        after = replace(before, revisions=(*before.revisions[:-1], other))
        self.state = replace(
            self.state, changes=self.state.changes.insert(change, after)
        )

    def wait(self, **by: float) -> None:
        self.now += timedelta(**by)

    # What people do.

    def submit(
        self,
        *documents: Document,
        by: str = "author",
        to: str = "production",
        deleted: tuple[str, ...] = (),
        edited_from: tuple[tuple[str, Digest | None], ...] = (),
        title: str = "Say it better",
        **how,
    ) -> int:
        """Propose an edit, and return the number of the change."""
        proposal = _proposal(title, documents, deleted, edited_from)
        command = commands.Submit(environment=to, proposal=proposal)
        return self.act(by, command, **how).payload.change

    def revise(
        self,
        change: int,
        *documents: Document,
        by: str = "author",
        deleted: tuple[str, ...] = (),
        via: str = SESSION,
    ) -> Event:
        proposal = _proposal("Say it better", documents, deleted, ())
        return self.act(by, commands.Revise(change=change, proposal=proposal), via=via)

    def submit_policy(self, text: str, by: str = "author") -> int:
        command = commands.SubmitPolicy(
            title="Ask others", text=parse_policy(text.encode())
        )
        return self.act(by, command).payload.change

    def promote(
        self,
        *documents: str,
        by: str = "promoter",
        source: str = "development",
        target: str = "production",
    ) -> int:
        command = commands.Promote(
            title="Bring it on",
            source=source,
            target=target,
            documents=tuple(map(Ref, documents)),
        )
        return self.act(by, command).payload.change

    def vote(
        self,
        change: int,
        by: str,
        verdict: Verdict = Verdict.APPROVE,
        *,
        seat: str | None = None,
        digest: Digest | None = None,
        via: str = SESSION,
    ) -> Event:
        """Args:
        seat: By default the one that *by* holds.
        """
        command = commands.Vote(
            change=change,
            review_digest=digest or self.change(change).revision.review_digest,
            verdict=verdict,
            seat=seat or self.state.people[by].seats[0],
            reason="" if verdict is Verdict.APPROVE else "Because.",
        )
        return self.act(by, command, via=via)

    def agree(self, change: int, *handles: str) -> int:
        """Let people approve: by default product, risk and board, as far as asked."""
        asked = {one.seat for one in self.change(change).revision.requirements}
        for handle in handles or [
            h for h in ("product", "risk", "board") if h in asked
        ]:
            self.vote(change, handle)
        return change

    def activate(
        self, change: int, by: str = "operator", digest: Digest | None = None, **how
    ) -> Event:
        digest = digest or self.change(change).revision.review_digest
        command = commands.Activate(change=change, review_digest=digest)
        return self.act(by, command, **how)

    def put(
        self,
        *documents: Document,
        by: str = "author",
        to: str = "production",
        deleted: tuple[str, ...] = (),
    ) -> int:
        """Make an edit live, by whatever votes that takes."""
        change = self.submit(*documents, by=by, to=to, deleted=deleted)
        self.activate(self.agree(change))
        return change

    def put_policy(self, text: str, by: str = "author") -> int:
        change = self.submit_policy(text, by)
        self.activate(self.agree(change))
        return change

    def bring(self, *documents: str, by: str = "promoter", **between: str) -> int:
        """Make a promotion live, by whatever votes that takes."""
        change = self.promote(*documents, by=by, **between)
        self.activate(self.agree(change))
        return change

    def clear_veto(self, change: int, veto_by: str, by: str, via=SESSION) -> Event:
        command = commands.ClearVeto(change=change, veto_by=veto_by, reason="Solved.")
        return self.act(by, command, via=via)

    def withdraw(self, change: int, by: str = "author", **how) -> Event:
        return self.act(by, commands.Withdraw(change=change, reason="Not now."), **how)

    def roll_back(
        self,
        scope: str | None,
        by: str = "operator",
        via: str = SESSION,
        roles: Iterable[Role] | None = None,
        **to,
    ) -> Event:
        return self.act(by, rollback(scope, **to), via=via, roles=roles)

    def preview(self, scope: str | None, **to) -> Preview:
        return preview(self.situation("operator"), rollback(scope, **to))

    def stop(self, by: str = "operator", bot: str = "acme/support", **how) -> Event:
        command = commands.Stop(environment="production", bot=bot, reason="It lied.")
        return self.act(by, command, **how)

    def resume(self, by: str = "author", bot: str = "acme/support") -> int:
        command = commands.Resume(
            environment="production", bot=bot, title="It is mended"
        )
        return self.act(by, command).payload.change

    def recall(self, digest: Digest, by: str = "operator", **how) -> Event:
        command = commands.Recall(digest=digest, reason="Harmful.")
        return self.act(by, command, **how)

    def set_person(self, handle: str, by: str = "admin", **what) -> Event:
        """Change what somebody holds; *what* is `roles`, `seats`, `active`."""
        known = self.state.people.get(handle) or person(
            handle, roles=(), seats=(), active=True
        )
        return self.act(by, commands.SetPerson(person=replace(known, **what)))

    # How things stand.

    def environment(self, name: str = "production") -> Environment:
        return self.state.environment(name)

    def change(self, number: int) -> Change:
        return self.state.change(number)

    def status(self, change: int) -> Status:
        return status(self.state, self.change(change), self.now)

    def stale_because(self, change: int) -> str | None:
        return stale_because(self.state, self.change(change))

    def requirements(self, change: int) -> dict[str, Standing]:
        found = requirements(self.state, self.change(change))
        return {one.name: one for one in found}

    def live(self, name: str = "production") -> dict[Ref, Digest]:
        """The digest of everything that is live."""
        live = self.environment(name).live
        return {ref: one.document.digest for ref, one in live.items()}

    def versions(self, name: str = "production") -> dict[Ref, str]:
        live = self.environment(name).live
        return {ref: one.document.version for ref, one in live.items()}

    def told(self, bot: str = "acme/support"):
        return self.environment().bots[bot].told

    def approved_map(self, change: int) -> dict[Ref, Digest | None]:
        """What the current revision puts in place."""
        found = replacements_of(self.change(change).revision, self.documents)
        return {ref: one.digest if one else None for ref, one in found.items()}


def rollback(
    scope: str | None,
    *,
    seq: int | None = None,
    moment: datetime | None = None,
    version: str | None = None,
    propose: bool = False,
    reason: str = "It was better.",
    environment: str = "production",
) -> commands.Rollback:
    return commands.Rollback(
        environment=environment,
        scope=None if scope is None else Ref(scope),
        to_seq=seq,
        to_moment=moment,
        to_version=version,
        propose=propose,
        reason=reason,
    )


def _proposal(title, documents, deleted, edited_from) -> commands.Proposal:
    return commands.Proposal(
        title=title,
        documents=tuple(documents),
        deleted=tuple(map(Ref, deleted)),
        edited_from=tuple((Ref(name), digest) for name, digest in edited_from),
    )
