"""What people do to a registry, in short.

Each method sends real commands, and fills in what a test does not care about.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from registry import commands
from registry.changes import Verdict
from registry.documents import Document
from registry.events import Event
from registry.names import Digest, Ref
from registry.payloads import PersonProposed
from registry.people import REGISTRY, SESSION, TIMER, Role, person
from registry.policy_text import parse_policy
from registry.ratification import Judgement
from registry.rollback_previews import Preview, preview
from registry.timetable import due
from tests.rules.bench import Bench


class Registry(Bench):
    """A registry without git and SQL, and the people who use it."""

    def submit(
        self,
        *documents: Document,
        by: str = "author",
        to: str = "production",
        deleted: tuple[str, ...] = (),
        edited_from: tuple[tuple[str, Digest | None], ...] = (),
        title: str = "Say it better",
        earliest: datetime | None = None,
        **how,
    ) -> int:
        """Propose an edit, and return the number of the change."""
        proposal = _proposal(title, documents, deleted, edited_from, earliest)
        command = commands.Submit(environment=to, proposal=proposal)
        return self.act(by, command, **how).payload.change

    def revise(
        self,
        change: int,
        *documents: Document,
        by: str = "author",
        deleted: tuple[str, ...] = (),
        via: str = SESSION,
        earliest: datetime | None = None,
    ) -> Event:
        proposal = _proposal("Say it better", documents, deleted, (), earliest)
        return self.act(by, commands.Revise(change=change, proposal=proposal), via=via)

    def submit_policy(
        self, text: str, by: str = "author", earliest: datetime | None = None
    ) -> int:
        command = commands.SubmitPolicy(
            title="Ask others", text=parse_policy(text.encode()), earliest=earliest
        )
        return self.act(by, command).payload.change

    def promote(
        self,
        *documents: str,
        by: str = "promoter",
        source: str = "development",
        target: str = "production",
        earliest: datetime | None = None,
        expected: tuple[tuple[Ref, Digest], ...] | None = None,
    ) -> int:
        command = commands.Promote(
            title="Bring it on",
            earliest=earliest,
            expected=expected,
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

    def tick(self) -> list[Event]:
        """Let the registry do what is due now, and return what it did."""
        before = len(self.events)
        for one in due(self.state, self.now):
            self.act(REGISTRY, one.command, via=TIMER, key=one.key)
        return self.events[before:]

    def activate_in_emergency(
        self,
        change: int,
        by: str = "responder",
        *,
        seat: str = "incident",
        incident: str = "INC-7",
        digest: Digest | None = None,
        **how,
    ) -> Event:
        command = commands.ActivateInEmergency(
            change=change,
            review_digest=digest or self.change(change).revision.review_digest,
            seat=seat,
            incident=incident,
            reason="It insults customers.",
        )
        return self.act(by, command, **how)

    def judge(
        self,
        ratification: int,
        by: str,
        judgement: Judgement = Judgement.RATIFY,
        *,
        seat: str | None = None,
        activated: Digest | None = None,
        **how,
    ) -> Event:
        """Args:
        seat: By default the one that *by* holds.
        """
        held = self.state.ratifications[ratification].activated
        command = commands.Judge(
            ratification=ratification,
            activated=activated or held,
            judgement=judgement,
            seat=seat or self.state.people[by].seats[0],
            reason="" if judgement is Judgement.RATIFY else "It promises too much.",
        )
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

    def resume(
        self,
        by: str = "author",
        bot: str = "acme/support",
        earliest: datetime | None = None,
        expected_seq: int | None = None,
    ) -> int:
        command = commands.Resume(
            environment="production",
            bot=bot,
            title="It is mended",
            earliest=earliest,
            expected_seq=expected_seq,
        )
        return self.act(by, command).payload.change

    def recall(self, digest: Digest, by: str = "operator", **how) -> Event:
        command = commands.Recall(digest=digest, reason="Harmful.")
        return self.act(by, command, **how)

    def set_person(self, handle: str, by: str = "admin", **what) -> Event:
        """Change what somebody holds; *what* is `roles`, `seats`, `active`.

        A second administrator confirms it, if that takes one.
        """
        known = self.state.people.get(handle) or person(
            handle, roles=(), seats=(), active=True
        )
        asked = self.act(by, commands.SetPerson(person=replace(known, **what)))
        if not isinstance(asked.payload, PersonProposed):
            return asked
        other = "second-admin" if by == "admin" else "admin"
        confirm = commands.ConfirmPerson(handle=handle, proposed=asked.number)
        return self.act(other, confirm)


def rollback(
    scope: str | None,
    *,
    seq: int | None = None,
    moment: datetime | None = None,
    version: str | None = None,
    undo: int | None = None,
    propose: bool = False,
    reason: str = "It was better.",
    environment: str = "production",
    expected_seq: int | None = None,
) -> commands.Rollback:
    return commands.Rollback(
        environment=environment,
        scope=None if scope is None else Ref(scope),
        to_seq=seq,
        to_moment=moment,
        to_version=version,
        propose=propose,
        reason=reason,
        undo=undo,
        expected_seq=expected_seq,
    )


def _proposal(
    title, documents, deleted, edited_from, earliest=None
) -> commands.Proposal:
    return commands.Proposal(
        title=title,
        documents=tuple(documents),
        deleted=tuple(map(Ref, deleted)),
        edited_from=tuple((Ref(name), digest) for name, digest in edited_from),
        earliest=earliest,
    )
