"""What people do in the story: the words that its acts are written in.

A change is known by a short name, because nobody knows its number before it is
proposed; so is what went live.  Each value is one act of one person, and becomes one
command (`registry.cli.demo.commanding`) or one call of what the API calls for it
(`registry.cli.demo.operating`).
"""

from dataclasses import dataclass, field

from registry.changes import Verdict
from registry.check_results import Example
from registry.cli.demo.moments import Ahead, When
from registry.ratification import Judgement

Swap = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Text:
    """A new version of a document: what is live there, with some passages replaced.

    Attributes:
        swaps: What stands there once, and what takes its place.
    """

    document: str
    version: str
    swaps: tuple[Swap, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """A bot of the example library is proposed for the first time."""

    name: str
    environment: str
    bot: str
    title: str


@dataclass(frozen=True, slots=True)
class Propose:
    name: str
    environment: str
    title: str
    texts: tuple[Text, ...]
    earliest: When | None = None


@dataclass(frozen=True, slots=True)
class Revise:
    name: str
    title: str
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Promote:
    name: str
    documents: tuple[str, ...]
    source: str
    target: str
    title: str
    earliest: When | None = None


@dataclass(frozen=True, slots=True)
class ProposePolicy:
    name: str
    environment: str
    title: str
    swaps: tuple[Swap, ...]


@dataclass(frozen=True, slots=True)
class Say:
    change: str
    text: str


@dataclass(frozen=True, slots=True)
class Vote:
    change: str
    seat: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class ApproveIf:
    """Attributes:
    due: The day on which the condition is to be met.
    """

    change: str
    seat: str
    reason: str
    condition: str
    owner: str
    due: When


@dataclass(frozen=True, slots=True)
class MeetCondition:
    change: str
    voter: str
    note: str


@dataclass(frozen=True, slots=True)
class ClearVeto:
    change: str
    veto_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Attach:
    """What a pipeline tried; `examples` are a few of all the samples."""

    change: str
    check: str
    total: int
    failed: int
    production: int
    threshold: float
    run: int
    examples: tuple[Example, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Waive:
    change: str
    check: str
    seat: str
    reason: str
    days: int


@dataclass(frozen=True, slots=True)
class Activate:
    change: str


@dataclass(frozen=True, slots=True)
class Timer:
    """The registry itself makes live what was agreed to for this moment."""


@dataclass(frozen=True, slots=True)
class Emergency:
    change: str
    incident: str
    reason: str


@dataclass(frozen=True, slots=True)
class Judge:
    """Attributes:
    of: What went live: the name of its change, or of the rollback.
    """

    of: str
    seat: str
    judgement: Judgement
    reason: str


@dataclass(frozen=True, slots=True)
class RollBack:
    """To what was live before what is named in `undo`."""

    name: str
    environment: str
    undo: str
    reason: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    change: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stop:
    environment: str
    bot: str
    reason: str


@dataclass(frozen=True, slots=True)
class Resume:
    name: str
    environment: str
    bot: str
    title: str


@dataclass(frozen=True, slots=True)
class Recall:
    """The text that a change proposed for a document."""

    change: str
    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class Certify:
    environment: str
    document: str
    until: Ahead
    seat: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Appoint:
    """An administrator asks for somebody to hold this."""

    handle: str
    roles: tuple[str, ...]
    seats: tuple[str, ...]
    active: bool = True


@dataclass(frozen=True, slots=True)
class Confirm:
    handle: str


@dataclass(frozen=True, slots=True)
class SetPassword:
    """An administrator sets the first password of somebody."""

    handle: str


@dataclass(frozen=True, slots=True)
class Report:
    """A chatbot tells which model has answered; `None`: the one that was agreed to."""

    environment: str
    bot: str
    model: str | None
    count: int


@dataclass(frozen=True, slots=True)
class ResolveAlert:
    """The open alert of a bot."""

    bot: str
    reason: str


Proposing = Start | Propose | Revise | Promote | ProposePolicy | Withdraw
Deciding = Say | Vote | ApproveIf | MeetCondition | ClearVeto | Attach | Waive
Moving = Activate | Emergency | Judge | RollBack | Stop | Resume | Recall | Certify
Governed = Proposing | Deciding | Moving | Appoint | Confirm
Ungoverned = Timer | SetPassword | Report | ResolveAlert


@dataclass(frozen=True, slots=True)
class Act:
    """Who does what, and when."""

    at: When
    who: str
    does: Governed | Ungoverned


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All of it.

    Attributes:
        began: When the registry begins, with an account for every role and seat.
        joined: Who has an account from some act on, as `HANDLE:ROLES:SEATS`.
        look: What to look at first: changes by their names, and why.
    """

    began: When
    joined: tuple[str, ...]
    acts: tuple[Act, ...]
    look: tuple[tuple[str, str], ...]
