"""What the registry last said of one bot or prompt, and what may follow it.

The rules:

 * Epoch and seq together say when something became live. They never go back.
 * One epoch and seq is one content. Another digest under the same ones is not
   believed.
 * Deleted is a content too: what was deleted comes back only with a higher
   epoch or seq.
 * Within an epoch the floor never sinks.
"""

from dataclasses import dataclass, field, replace
from typing import Protocol

from placet.errors import BadAnswer
from placet.verification import Signed

BOTS = "bots/"
PROMPTS = "prompts/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What the registry last said of one bot or prompt.

    Two are equal if they say the same, whatever to send next time.

    Attributes:
        ref: Its kind and name: `bots/acme-air/support`.
        repository: The registry's id; empty if the answer does not say it.
        floor: Conversations that began on a lower seq have to end.
        etag: What to send as `If-None-Match`; empty if the answer had none.
        digest: SHA-256 of `body`; empty if it was deleted.
        body: The bytes as served; None if it was deleted.
        signed: The head that says so, where the client has keys.
    """

    ref: str
    repository: str
    epoch: int
    seq: int
    floor: int
    etag: str = field(compare=False)
    digest: str
    body: bytes | None
    signed: Signed | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        return self.ref.partition("/")[2]

    @property
    def place(self) -> tuple[int, int]:
        return self.epoch, self.seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An answer: the copy to keep, the same object if nothing changed.

    Attributes:
        confirmed: False if the server itself says that it may be behind.
        at: The environment's epoch and seq when it answered; None if it did not say.
    """

    copy: Copy
    confirmed: bool
    at: tuple[int, int] | None = None


class Source(Protocol):
    """Where copies come from: a registry over HTTP, or a folder."""

    def read(self, ref: str, held: Copy | None) -> Reading:
        """Ask what is live, knowing *held*.

        Raises:
            RegistryUnavailable: Nobody answered, or nothing to be believed.
        """
        ...

    def close(self) -> None: ...

    def forget_connections(self) -> None:
        """Leave shared connections to the parent, in a child after a fork."""
        ...


def check_order(held: Copy | None, place: tuple[int, int], digest: str) -> None:
    """Raises:
    BadAnswer: What is offered is older than *held*, or contradicts it.
    """
    if held is None or place > held.place:
        return
    if place < held.place:
        raise BadAnswer(
            f"{held.ref} is offered as of epoch {place[0]}, seq {place[1]}, but "
            f"epoch {held.epoch}, seq {held.seq} has been seen",
            hint="The server that answered is behind; this passes when it catches up.",
        )
    if digest != held.digest:
        raise BadAnswer(
            f"{held.ref} has two contents for epoch {held.epoch}, seq {held.seq}",
            hint="Ask the registry's operator to run `placet verify`.",
        )


def check_head(held: Copy | None, offered: Copy) -> None:
    """Raises:
    BadAnswer: Its head says something else of what *held* has a head of.
    """
    if held is None or held.signed is None or offered.signed is None:
        return
    if held.place == offered.place and held.signed.says != offered.signed.says:
        raise BadAnswer(
            f"{held.ref} has two heads for epoch {held.epoch}, seq {held.seq}",
            hint="Ask the registry's operator to run `placet verify`.",
        )


def with_floor(held: Copy | None, offered: Copy) -> Copy:
    if held is None or held.epoch != offered.epoch:
        return offered
    return replace(offered, floor=max(held.floor, offered.floor))
