"""Authorization: who may do what, where.

One table says it for every act, and one function asks it:

* Everything is refused that the table does not allow.
* A role is a role and a seat is a seat, whatever the seat is called.
* An administrator agrees to nothing, in whatever seat: whoever makes accounts could
  make one that writes, and approve of it.
* An act belongs to roles, to anybody who holds a seat, to whoever answers for
  the bot (its owner, deputy and on-call), or to whoever wrote the change.
* A role or a seat counts only where it is held: a limit to environments or to
  names has to cover every document of the act.  A vote is the exception: several
  people can agree, each to a part.  Reading is not limited: whoever works on one
  bot sees what was decided about the others.
* What takes somebody who signed in is never done with a token.  A token brings
  no seat along, and no relation to a bot.
* The timer activates what was agreed to, at the time that was agreed to, and
  does nothing else.

Which seat votes on what is the policy's matter (`registry.standing`), and which
scope of a token may use which role is the door's (`registry.api.grants`).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from registry.errors import NotAllowed, SessionNeeded
from registry.people import SESSION, TIMER, Actor, Limit, Role, has


class Action(StrEnum):
    """An act, in the words of a refusal: somebody "may not ..."."""

    SUBMIT = "submit a change"
    REVISE = "revise a change"
    PROPOSE_POLICY = "propose a policy"
    PROMOTE = "propose a promotion"
    PROPOSE_ROLLBACK = "propose a rollback"
    PROPOSE_RESUMPTION = "propose to resume a bot"
    COMMENT = "comment"
    WITHDRAW = "withdraw a change"
    ATTACH = "attach a result of a check"
    VOTE = "vote"
    CLEAR_VETO = "clear a veto"
    WAIVE = "waive a check"
    MEET_CONDITION = "say that a condition is met"
    ACTIVATE = "activate a change"
    ACTIVATE_OWN = "activate their change"
    ACTIVATE_IN_EMERGENCY = "activate in an emergency"
    JUDGE = "ratify or repudiate"
    CERTIFY = "certify a document"
    ROLL_BACK = "roll back"
    STOP = "stop a bot"
    RECALL = "recall a digest"
    MANAGE_PEOPLE = "manage people"
    MAKE_TOKENS = "make tokens"
    MAKE_CLONING_TOKENS = "make tokens that clone"
    MANAGE_TOKENS = "make tokens for others"
    MANAGE_TARGETS = "say where notices go"
    RESOLVE_ALERT = "resolve an alert"
    ASK = "ask a model"
    READ = "read what people propose and decide"
    VERIFY = "verify the ledger"
    READ_ALL = "read what is not theirs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Whom an act belongs to; any one of these is enough.

    Attributes:
        roles: Any of these.
        seats: Anybody who holds a seat.
        answering: Whoever answers for the bot.
        authors: Whoever wrote the change.
        anybody: Everybody who is active and signed in.
        apart: Never an administrator.
        token_roles: What a token needs besides; empty for nothing.
        session: Only by somebody who signed in: never with a token.
        anywhere: Limits do not matter.
        partly: A limit that covers one of the documents is enough.
    """

    roles: tuple[Role, ...] = ()
    seats: bool = False
    answering: bool = False
    authors: bool = False
    anybody: bool = False
    apart: bool = False
    token_roles: tuple[Role, ...] = ()
    session: bool = False
    anywhere: bool = False
    partly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What an act is about.

    Attributes:
        environment: `None` for the registry as a whole.
        names: Of the documents that it touches.
        answering: Handles of those who answer for the bot.
        authors: Handles of those who wrote the change.
    """

    environment: str | None = None
    names: frozenset[str] = frozenset()
    answering: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()


REGISTRY = Resource()
"""The registry as a whole."""

_WRITE = (Role.AUTHOR,)
_MOVE = (Role.AUTHOR, Role.OPERATOR)

RULES: dict[Action, Rule] = {
    Action.SUBMIT: Rule(roles=_WRITE),
    Action.REVISE: Rule(roles=_WRITE),
    Action.PROPOSE_POLICY: Rule(roles=_WRITE, session=True),
    Action.PROMOTE: Rule(roles=_MOVE),
    Action.PROPOSE_ROLLBACK: Rule(roles=_MOVE),
    Action.PROPOSE_RESUMPTION: Rule(roles=_MOVE),
    Action.COMMENT: Rule(
        roles=tuple(Role), seats=True, token_roles=_WRITE, anywhere=True
    ),
    Action.WITHDRAW: Rule(authors=True, token_roles=_WRITE),
    Action.ATTACH: Rule(roles=(Role.EVALUATOR, Role.AUTHOR)),
    Action.VOTE: Rule(seats=True, apart=True, session=True, partly=True),
    Action.CLEAR_VETO: Rule(anybody=True, apart=True, session=True),
    Action.WAIVE: Rule(seats=True, apart=True, session=True),
    Action.MEET_CONDITION: Rule(anybody=True, session=True),
    Action.ACTIVATE: Rule(roles=(Role.OPERATOR,)),
    Action.ACTIVATE_OWN: Rule(roles=(Role.AUTHOR,)),
    Action.ACTIVATE_IN_EMERGENCY: Rule(seats=True, session=True),
    Action.JUDGE: Rule(seats=True, apart=True, session=True),
    Action.CERTIFY: Rule(seats=True, answering=True, session=True),
    Action.ROLL_BACK: Rule(roles=(Role.OPERATOR,), answering=True),
    Action.STOP: Rule(roles=(Role.OPERATOR,), seats=True, answering=True),
    Action.RECALL: Rule(roles=(Role.OPERATOR,), seats=True),
    Action.MANAGE_PEOPLE: Rule(roles=(Role.ADMIN,), session=True),
    Action.MAKE_TOKENS: Rule(
        roles=(Role.AUTHOR, Role.OPERATOR, Role.EVALUATOR, Role.ADMIN),
        session=True,
        anywhere=True,
    ),
    Action.MAKE_CLONING_TOKENS: Rule(
        roles=tuple(Role), seats=True, session=True, anywhere=True
    ),
    Action.MANAGE_TOKENS: Rule(roles=(Role.ADMIN,), session=True),
    Action.MANAGE_TARGETS: Rule(roles=(Role.ADMIN,), session=True),
    Action.RESOLVE_ALERT: Rule(roles=(Role.OPERATOR,), session=True),
    Action.ASK: Rule(roles=_MOVE, seats=True, session=True),
    Action.READ: Rule(roles=tuple(Role), seats=True, anywhere=True),
    Action.VERIFY: Rule(roles=(Role.OPERATOR, Role.AUDITOR, Role.ADMIN)),
    Action.READ_ALL: Rule(roles=(Role.ADMIN, Role.AUDITOR)),
}


def authorize(actor: Actor, action: Action, resource: Resource = REGISTRY) -> None:
    """Raises:
    SessionNeeded: It has to be done in person.
    NotAllowed: It does not belong to *actor*, or not there.
    """
    rule = RULES[action]
    if actor.via == TIMER:
        if action is Action.ACTIVATE:
            return
        raise NotAllowed(f"the timer may not {action}", hint="Only a person can.")
    if rule.session and actor.via != SESSION:
        raise SessionNeeded(f"a token cannot {action}")
    if rule.apart and has(actor, Role.ADMIN):
        raise NotAllowed(
            f"{actor.handle} may not {action}{_where(resource)}, as an administrator",
            hint="Whoever gives seats agrees to nothing: it takes another account, "
            "held by another person.",
        )
    if not (_belongs(actor, rule, resource) and _token_may(actor, rule)):
        raise NotAllowed(
            f"{actor.handle} may not {action}{_where(resource)}",
            hint=_hint(actor, rule),
        )


def may(actor: Actor, action: Action, resource: Resource = REGISTRY) -> bool:
    """Whether `authorize` would let *actor* do it."""
    try:
        authorize(actor, action, resource)
    except NotAllowed:
        return False
    return True


def why_not(actor: Actor, action: Action, resource: Resource = REGISTRY) -> str | None:
    """Why `authorize` would not let *actor* do it, and whom it takes; else `None`."""
    try:
        authorize(actor, action, resource)
    except NotAllowed as error:
        return f"{error}. {error.hint}"
    return None


def holds(actor: Actor, held: Role | str, resource: Resource) -> bool:
    """Whether *actor* holds the role or seat *held* for all of *resource*."""
    if not has(actor, held):
        return False
    limit = next((one for one in actor.limits if one.held == held), None)
    return limit is None or _covers(limit, resource)


def parts(resource: Resource) -> tuple[Resource, ...]:
    """Each of its documents for itself; the whole where it has none."""
    names = resource.names
    return tuple(replace(resource, names=frozenset({n})) for n in names) or (resource,)


def _belongs(actor: Actor, rule: Rule, resource: Resource) -> bool:
    if rule.anywhere:
        actor = replace(actor, limits=())
    each = parts(resource) if rule.partly else (resource,)
    held = (*rule.roles, *(actor.seats if rule.seats else ()))
    return (
        rule.anybody
        or any(holds(actor, one, part) for one in held for part in each)
        or (rule.answering and actor.in_person and actor.handle in resource.answering)
        or (rule.authors and actor.handle in resource.authors)
    )


def _token_may(actor: Actor, rule: Rule) -> bool:
    if actor.in_person or not rule.token_roles:
        return True
    return not set(rule.token_roles).isdisjoint(actor.roles)


def _covers(limit: Limit, resource: Resource) -> bool:
    """A limited role does nothing to the registry as a whole."""
    if resource.environment is None:
        return False
    if not resource.names:
        return not limit.names and limit.covers(resource.environment, "")
    return all(limit.covers(resource.environment, name) for name in resource.names)


def _where(resource: Resource) -> str:
    return "" if resource.environment is None else f" in {resource.environment}"


def _hint(actor: Actor, rule: Rule) -> str:
    who = [f"the role {role}" for role in rule.roles]
    if rule.seats:
        who.append("a seat")
    if rule.answering:
        who.append("being the bot's owner, deputy or on-call")
    if rule.authors:
        who.append("having written the change")
    hint = f"It takes {' or '.join(who)}; an administrator gives roles and seats."
    if actor.limits:
        held = ", ".join(limit.held for limit in actor.limits)
        hint += f" Yours are limited to some places: {held}."
    return hint
