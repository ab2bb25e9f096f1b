"""Everything that a route may ask for.

A route names who may come in by the type of its `caller`:

    AnyCaller    any session or token, `read` included: what chatbots ask for
    Known        a person, or a token of a pipeline, whatever they hold: also for what
                 belongs to somebody without a role (to stop what they answer for)
    Reader       the same, if the person holds a role or a seat; reads everything
    Cloning      the same, or with a token of theirs that clones and does nothing else
    Evaluating   the same, to attach what was tried
    Proposer     a person, or a token that submits or operates
    Operating    a person, or a token with the scope `operate`
    SignedIn     a person, and no token

Whichever it is, a token that is limited to environments is held to them: the
environment and the change in the address are checked here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPBearer

from registry.api.access import Access
from registry.api.all_waiting import AllWaiting
from registry.api.answering import Answering
from registry.api.bearer import Scope
from registry.api.browser import Reached
from registry.api.collecting import Collecting
from registry.api.git.places import Places
from registry.api.grants import Grant, Grants
from registry.api.notifying import Notifying
from registry.api.observing import Observing
from registry.api.pulse import Pulse
from registry.api.verifying import Verifying
from registry.authorization import Action, authorize
from registry.db.fetches import Fetches
from registry.db.operations import Operations
from registry.db.said import SaidTexts
from registry.errors import NotAllowed, SessionNeeded
from registry.judgements import not_there
from registry.people import SESSION, Actor, Identity, Person, recognise
from registry.retirements import Calendar
from registry.state import State
from registry.writer import Mirroring, Open, Writer

GRANT = "placet.grant"
SECRET = "placet.secret"  # noqa: S105 (a name, and no secret)
"""Where the door leaves what it found out about the bearer, in the scope."""

IDLE = "Placet-Idle"
"""With `true`, what asks is a page left open, and nobody who uses the session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the application was made of.

    Attributes:
        said: What live documents say of their upkeep.
        waiting: What waits for whom, for a moment.
        fetches: None where chatbots are answered by another server.
        git: How many may clone and push at once.
        answering: Asks models, where the operator listed their endpoints.
        mirroring: None where nothing is mirrored.
        leads: Whether this process does what happens by itself.
        catch_up: Takes in what was done a moment ago at another process of many.
        docs: The page at `/docs`, which is made once.
        reached: Where people find the registry and the console.
    """

    opened: Open
    operations: Operations
    grants: Grants
    access: Access
    verifying: Verifying
    collecting: Collecting
    observing: Observing
    notifying: Notifying
    said: SaidTexts
    waiting: AllWaiting
    fetches: Fetches | None
    calendar: Calendar
    pulse: Pulse
    mirroring: Mirroring | None
    leads: Callable[[], bool]
    catch_up: Callable[[], None]
    git: Places
    answering: Answering
    docs: Callable[[], str]
    reached: Reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, and with what."""

    grant: Grant
    secret: str
    person: Person

    @property
    def identity(self) -> Identity:
        return self.grant.identity

    def check_proposes(self) -> None:
        """Raises:
        NotAllowed: It is a token, and not one that submits or operates.
        """
        if self.grant.scope not in _PROPOSE:
            raise NotAllowed(
                f"a token with the scope {self.grant.scope} may not do this",
                hint="Sign in, or use a token with the scope submit or operate.",
            )

    def check_operates(self) -> None:
        """Raises:
        NotAllowed: It is a token, and not one that operates.
        """
        if self.grant.scope not in _OPERATE:
            raise NotAllowed(
                f"a token with the scope {self.grant.scope} may not do this",
                hint="Sign in, or use a token with the scope operate.",
            )

    @property
    def actor(self) -> Actor:
        return recognise(self.identity, {self.person.handle: self.person})

    @property
    def whole(self) -> Actor:
        """With everything that the person holds: a token's scope limits acts."""
        identity = Identity(handle=self.person.handle, via=SESSION, roles=None)
        return recognise(identity, {self.person.handle: self.person})


_READ = {Scope.SESSION, Scope.CHECK, Scope.SUBMIT, Scope.OPERATE}
_CLONE = {*_READ, Scope.CLONE}
_PROPOSE = {Scope.SESSION, Scope.SUBMIT, Scope.OPERATE}
_OPERATE = {Scope.SESSION, Scope.OPERATE}
_DIGITS = 16
TOKEN = "token"  # noqa: S105 (what OpenAPI calls it)
_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name=TOKEN,
    description="The token of a session (`POST /v1/sessions`) or of a machine "
    "(`POST /v1/tokens`).",
)


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(_parts)]


def _writer(parts: PartsDep) -> Writer:
    return parts.opened.writer


WriterDep = Annotated[Writer, Depends(_writer)]


def _state(writer: WriterDep, parts: PartsDep) -> State:
    parts.catch_up()
    return writer.state


StateDep = Annotated[State, Depends(_state)]
"""One immutable value for the whole request."""


def _now(writer: WriterDep) -> datetime:
    return writer.now()


Now = Annotated[datetime, Depends(_now)]


def _any_caller(
    request: Request,
    parts: PartsDep,
    state: StateDep,
    _: Annotated[object, Security(_BEARER)],
) -> Caller:
    caller = Caller(
        grant=request.scope[GRANT],
        secret=request.scope[SECRET],
        person=state.person(request.scope[GRANT].handle),
    )
    _check_address(request, caller.grant, state)
    if request.headers.get(IDLE) != "true":
        parts.access.touch(caller.grant, caller.secret)
    return caller


AnyCaller = Annotated[Caller, Depends(_any_caller)]


def _known(caller: AnyCaller) -> Caller:
    if caller.grant.scope is Scope.CLONE:
        raise NotAllowed(
            "this token clones with git, and nothing else",
            hint="Sign in, or use a token with the scope check, submit or operate.",
        )
    if caller.grant.scope not in _READ:
        raise NotAllowed(
            "this token reads what chatbots read, and nothing else",
            hint="Sign in, or use a token with the scope check, submit or operate.",
        )
    return caller


Known = Annotated[Caller, Depends(_known)]


def _reader(caller: Known) -> Caller:
    authorize(caller.whole, Action.READ)
    return caller


def _cloning(caller: AnyCaller) -> Caller:
    if caller.grant.scope not in _CLONE:
        raise NotAllowed(
            "this token reads what chatbots read, and nothing else",
            hint="Make one that clones: placet token new --purpose git --scope clone.",
        )
    authorize(caller.whole, Action.READ)
    return caller


Reader = Annotated[Caller, Depends(_reader)]
Cloning = Annotated[Caller, Depends(_cloning)]
Evaluating = Annotated[Caller, Depends(_reader)]


def _proposer(caller: Reader) -> Caller:
    caller.check_proposes()
    return caller


Proposer = Annotated[Caller, Depends(_proposer)]


def _operating(caller: Reader) -> Caller:
    caller.check_operates()
    return caller


Operating = Annotated[Caller, Depends(_operating)]


def _signed_in(caller: AnyCaller) -> Caller:
    if caller.grant.scope is not Scope.SESSION:
        raise SessionNeeded("no token may do this")
    return caller


SignedIn = Annotated[Caller, Depends(_signed_in)]

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern="^[ -~]{1,200}$",
        description="Send the same key again after an answer that was lost: what "
        "has happened is answered again, and does not happen twice.",
    ),
]


def _check_address(request: Request, grant: Grant, state: State) -> None:
    """Hold a limited token to its environments."""
    if not grant.environments:
        return
    environment = request.path_params.get("environment")
    if environment is not None:
        grant.check_environment(environment)
    number = _number(request.path_params.get("change", ""))
    if number is not None:
        change = state.changes.get(number)
        grant.check_change(number, None if change is None else change.environment)
    number = _number(request.path_params.get("ratification", ""))
    if number is not None:
        opened = state.ratifications.get(number)
        if opened is None or not grant.sees(opened.environment):
            raise not_there(number)


def _number(text: str) -> int | None:
    """`None` for what the route itself refuses."""
    is_number = text.isascii() and text.isdecimal() and len(text) < _DIGITS
    return int(text) if is_number else None
