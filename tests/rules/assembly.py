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
from registry.people import SESSION, Role, person
from registry.policy_text import parse_policy
from registry.rollbacks import Preview, preview
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
