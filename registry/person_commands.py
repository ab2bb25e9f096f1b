"""Commands about people: what an administrator asks the registry to do."""

from dataclasses import dataclass

from registry.names import Digest
from registry.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPerson:
    """Take something from somebody at once, or ask for them to be given it.

    Attributes:
        expected: The digest of what they held when the caller read it; `None` where
            it does not matter what that was.
    """

    person: Person
    expected: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPerson:
    """Give somebody what another administrator has asked for.

    Attributes:
        proposed: The number of the event that asked for it.
    """

    handle: str
    proposed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusePerson:
    """Take back, or refuse, what an administrator has asked for somebody."""

    handle: str
    proposed: int
    reason: str
