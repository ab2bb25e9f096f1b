"""Happenings: an event between two states, and what every notice of it has."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from registry.changes import Change
from registry.events import Event
from registry.names import Ref
from registry.notices import Audience, Notice, Urgency, notice_id, sentence, sentences
from registry.people import Role
from registry.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event, with the states before and after it."""

    before: State
    after: State
    event: Event

    def change(self, number: int) -> Change:
        return self.after.change(number)

    def operators(self) -> tuple[str, ...]:
        return tuple(
            person.handle
            for person in self.after.people.values()
            if Role.OPERATOR in person.roles
        )

    def owners(self, environment: str, documents: Iterable[Ref]) -> set[str]:
        """Those of *documents*, before and after."""
        found = set()
        for state in (self.before, self.after):
            live = state.environment(environment).live
            for document in documents:
                held = live.get(document)
                if held is not None:
                    found.add(held.document.owner)
        return found

    def concerned(self, change: Change) -> set[str]:
        """Its contributors, and the owners of what it touches."""
        owners = {owner for one in change.revision.effect for owner in one.owners}
        return {*change.contributors, *owners}

    def notice(
        self,
        kind: str,
        subject: str,
        *body: str,
        to: Audience,
        environment: str | None,
        change: int | None = None,
        bot: str | None = None,
        path: str | None = None,
        urgency: Urgency = Urgency.NORMAL,
        due: datetime | None = None,
        cause: str | None = None,
    ) -> Notice:
        """Args:
        cause: What tells it from others of its kind that the same event gives rise to.
        """
        if path is None:
            path = f"/v1/changes/{change}" if change is not None else "/v1/environments"
        by = self.event.actor.handle
        causes = () if cause is None else (cause,)
        handles = tuple(handle for handle in to.handles if handle != by)
        return Notice(
            id=notice_id(self.after.repository, kind, self.after.head.digest, *causes),
            at=self.event.at,
            kind=kind,
            environment=environment,
            subject=sentence(subject),
            body=sentences(*body),
            change=change,
            bot=bot,
            path=path,
            audience=replace(to, handles=handles),
            urgency=urgency,
            by=by,
            due=due,
        )


def called(change: Change, word: str = "change") -> str:
    return f"{word} {change.id} in {change.environment} ({change.revision.title})"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
