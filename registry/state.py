"""The state: everything that the ledger's events add up to.

A state is an immutable value.  Its maps are persistent (they share structure
with the maps they were made from), so a new state costs little more than what
the event changed, every earlier one stays readable by other threads, and an
environment can keep what was live at each of its sequence numbers.

`registry.fold` makes the next state from an event.
"""

from dataclasses import dataclass
from datetime import datetime

from rpds import HashTrieMap

from registry.changes import Base, Change
from registry.errors import NotFound, NotSettled
from registry.names import Digest, Ref
from registry.payloads import BundleSet, LiveDocument
from registry.people import Person
from registry.policies import Policy
from registry.ratification import Ratification
from registry.times import said_exactly


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A live document, and since when.

    Attributes:
        since: The seq at which its bytes went live.
        composed_since: The seq since which it reads as it does, includes
            resolved; never below `since`.
    """

    document: LiveDocument
    since: int
    composed_since: int

    @property
    def base(self) -> Base:
        return Base(digest=self.document.digest, since=self.since)

    @property
    def reading(self) -> Base:
        return Base(digest=self.document.composed, since=self.composed_since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """What a bot is told, and the seq since which that is so."""

    told: BundleSet
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An environment at one of its sequence numbers.

    Attributes:
        number: The event that brought it about.
        change: The change that it carried out, if there was one.
        title: What was done, in the words of whoever did it.
    """

    at: datetime
    number: int
    by: str
    change: int | None
    title: str
    live: "HashTrieMap[Ref, Live]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One environment, now and at each of its sequence numbers.

    Attributes:
        seq: 0 until something goes live.
        policy_since: Number of the event that put the policy in force.
        used_by: For each document, the live ones that use it directly.
        moments: By seq, from 1.
        was_live: When a document last read like a composed digest; `None`
            while it still does.
        gone: What was live last of each document that is not live any more.
    """

    name: str
    seq: int
    policy: Policy
    policy_digest: Digest
    policy_since: int
    live: "HashTrieMap[Ref, Live]"
    used_by: "HashTrieMap[Ref, frozenset[Ref]]"
    bots: "HashTrieMap[str, Bot]"
    moments: "HashTrieMap[int, Moment]"
    was_live: "HashTrieMap[tuple[Ref, Digest], datetime | None]"
    gone: "HashTrieMap[Ref, Digest]"

    def latest(self, name: Ref) -> Digest | None:
        """What is live under that name, or was last; `None` if nothing ever was."""
        live = self.live.get(name)
        return live.document.digest if live else self.gone.get(name)

    def moment(self, seq: int) -> Moment:
        """Raises:
        NotFound: The environment has never been at that seq.
        """
        if seq not in self.moments:
            raise NotFound(
                f"{self.name} has no seq {seq}",
                hint=f"It has been at 1 to {self.seq}.",
            )
        return self.moments[seq]

    def seq_at(self, at: datetime) -> int:
        """The seq that *at* falls into, 0 before the first.

        The caller sees to it that *at* is in the past.
        """
        low, high = 0, self.seq
        while low < high:
            middle = (low + high + 1) // 2
            if self.moments[middle].at <= at:
                low = middle
            else:
                high = middle - 1
        return low


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One time that bytes were proposed: by whom, and made from what."""

    by: str
    base: Digest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What an idempotency key was used for."""

    command: Digest
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What an administrator wants somebody to hold, until another one agrees.

    Attributes:
        number: The event in which it was asked for.
    """

    person: Person
    by: str
    at: datetime
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """Somebody has said that a live document is still right.

    Of several about the same bytes the one that lasts longest holds.

    Attributes:
        digest: Of what was looked at; on other bytes it says nothing.
        seat: `None` for its owner, deputy or risk partner.
    """

    digest: Digest
    by: str
    at: datetime
    until: datetime
    seat: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last event; `number` is 0 before the first."""

    number: int
    digest: Digest
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The fold of all events up to `head`.

    Attributes:
        claims: The digest that each version of a document names for ever.
        origins: Who proposed which bytes for a document, anywhere.
        recalled: Reasons, by digest.
        asked_for: What somebody is to hold, by handle.
        attached_at: When somebody attached results, within a day of the last time.
        held_since: Since when somebody holds a role or seat; not there for what
            they held when the registry began.
        ratifications: By the number of the activation's event.
        certified: By environment and document.
        answered: By the actor's handle and idempotency key.
    """

    head: Head
    repository: str
    epoch: int
    environments: "HashTrieMap[str, Environment]"
    people: "HashTrieMap[str, Person]"
    changes: "HashTrieMap[int, Change]"
    open_changes: "HashTrieMap[int, None]"
    claims: "HashTrieMap[tuple[Ref, str], Digest]"
    origins: "HashTrieMap[tuple[Ref, Digest], tuple[Origin, ...]]"
    recalled: "HashTrieMap[Digest, str]"
    asked_for: "HashTrieMap[str, AskedFor]"
    attached_at: "HashTrieMap[str, tuple[datetime, ...]]"
    held_since: "HashTrieMap[tuple[str, str], datetime]"
    ratifications: "HashTrieMap[int, Ratification]"
    open_ratifications: "HashTrieMap[int, None]"
    certified: "HashTrieMap[tuple[str, Ref], Certified]"
    answered: "HashTrieMap[tuple[str, str], Answered]"

    def environment(self, name: str) -> Environment:
        """Raises:
        NotFound: There is no such environment.
        """
        if name not in self.environments:
            raise NotFound(
                f"there is no environment {name[:60]!r}",
                hint="There are " + ", ".join(sorted(self.environments)) + ".",
            )
        return self.environments[name]

    def change(self, number: int) -> Change:
        """Raises:
        NotFound: There is no such change.
        """
        if number not in self.changes:
            raise NotFound(
                f"there is no change {number}",
                hint="`placet changes --all` lists every change.",
            )
        return self.changes[number]

    def person(self, handle: str) -> Person:
        """Raises:
        NotFound: Nobody is called so.
        """
        if handle not in self.people:
            raise NotFound(
                f"there is nobody called {handle[:64]!r}",
                hint="`placet people list` shows everybody.",
            )
        return self.people[handle]


def seq_at(environment: Environment, at: datetime, now: datetime) -> int:
    """The seq of a moment that is over.

    Raises:
        NotSettled: *at* is not in the past.
        NotFound: Nothing was live yet.
    """
    if at >= now:
        raise NotSettled(f"{said_exactly(at)} is not over yet")
    seq = environment.seq_at(at)
    if seq == 0:
        raise NotFound(
            f"nothing was live in {environment.name} at {said_exactly(at)}",
            hint=f"`placet log {environment.name}` shows when something first went "
            "live.",
        )
    return seq
