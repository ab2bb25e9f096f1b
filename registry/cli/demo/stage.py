"""The stage: a registry whose clock the story sets, and the people on it.

Every act takes the one way to write, and is decided on by the same rules, at the time
that the clock shows: what a policy asks for is waited for, and what it refuses does
not happen.  What is not governed (passwords, tokens, what chatbots report) goes
through the code that the API uses for it.  Only the clock is set, and nobody types a
password: whoever begins a demonstration plays everybody in it.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from registry.api.access import Access
from registry.api.grants import Grant, Grants
from registry.api.observing import Observing
from registry.changes import Change
from registry.cli.demo.accounts import Demo
from registry.cli.library import Library
from registry.commands import Command
from registry.db.engine import reading
from registry.db.operations import Operations
from registry.db.texts import read_text
from registry.documents import Document
from registry.names import Digest
from registry.people import SESSION, Actor, Identity, recognise
from registry.state import State
from registry.writer import Open


class StoryClock:
    """Stands still until somebody sets it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Stage:
    """Args:
    now: The moment at which the story is told; its clock is never set later.
    """

    def __init__(
        self,
        registry: Open,
        operations: Engine,
        clock: StoryClock,
        library: Library,
        demo: Demo,
        now: datetime,
    ) -> None:
        self.registry = registry
        self.clock = clock
        self.library = library
        self.demo = demo
        self.now = now
        kept = Operations(operations)
        self.grants = Grants(kept, people=lambda: self.state.people, clock=clock)
        self.access = Access(
            operations=kept, grants=self.grants, state=lambda: self.state, clock=clock
        )
        self.observing = Observing(registry.engine, operations, clock)
        self.tokens: dict[str, Grant] = {}
        self.changes: dict[str, int] = {}
        self._live: dict[str, int] = {}

    @property
    def state(self) -> State:
        return self.registry.writer.state

    def change(self, name: str) -> Change:
        return self.state.change(self.changes[name])

    def event(self, name: str) -> int:
        """The number of the event in which *name* went live."""
        return self._live[name]

    def actor(self, handle: str) -> Actor:
        return recognise(_in_person(handle), self.state.people)

    def document(self, digest: Digest) -> Document:
        with self.registry.writer.situation(_in_person("author")) as situation:
            return situation.documents[digest]

    def policy(self, environment: str) -> str:
        """The policy in force, as it was written."""
        digest = self.state.environment(environment).policy_digest
        with reading(self.registry.engine) as connection:
            return read_text(connection, digest).decode()

    def write(self, command: Command, handle: str) -> int:
        """The number of the event."""
        by = replace(_in_person(handle), signed_in_at=self.clock())
        written = self.registry.writer.write(command, by=by)
        return written.event.number

    def call_change(self, name: str) -> None:
        """The newest change is known as *name* from now on."""
        self.changes[name] = max(self.state.changes)

    def call_live(self, name: str, event: int) -> None:
        """What went live in *event* is known as *name* from now on."""
        self._live[name] = event


def _in_person(handle: str) -> Identity:
    return Identity(handle=handle, via=SESSION, roles=None)
