"""Tokens: what machines come in with."""

from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from registry.api.access import MAX_DAYS, Wanted
from registry.api.bearer import Scope
from registry.api.deps import PartsDep, SignedIn
from registry.api.pages import DEFAULT, Cursor, Limit, Page, page, parse_cursor
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.authorization import Action, may
from registry.db.operations import Token
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn

router = APIRouter(
    prefix="/v1/tokens",
    tags=["tokens"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)


class TokenBody(Body):
    """What the token is for; empty limits are no limits."""

    purpose: str = Field(description="What uses it.", examples=["support bot"])
    scope: Scope = Field(description="`read`, `clone`, `check`, `submit` or `operate`.")
    environments: list[str] = Field(default=[], max_length=50)
    bots: list[str] = Field(
        default=[], max_length=200, description="With the scope `read` only."
    )
    days: int = Field(description=f"How long it lives, at most {MAX_DAYS}.")
    handle: str | None = Field(
        default=None,
        description="Who answers for it, if it is not you: an administrator may "
        "name somebody, with the scope `read` only.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken(Token):
    """Attributes:
    token: The secret; it is told this once.
    """

    token: str


@router.get("")
def list_tokens(
    caller: SignedIn, parts: PartsDep, limit: Limit = DEFAULT, cursor: Cursor = None
) -> Page[Token]:
    """List your tokens, or as an administrator everybody's, newest first.

    `last_used` is to the minute, or a few seconds for what chatbots read; null for
    never, and for a chatbot's after 90 days.
    """
    handle = None if may(caller.actor, Action.MANAGE_TOKENS) else caller.person.handle
    after = parse_cursor(cursor)
    fetched = parts.fetches.last_seen() if parts.fetches is not None else {}
    found = {
        f"{token.made.isoformat(timespec='microseconds')} {token.id}": _used(
            token, fetched.get(f"token:{token.id}")
        )
        for token in parts.operations.list_tokens(handle)
    }
    newest_first = sorted(found.items(), key=itemgetter(0), reverse=True)
    return page((i for i in newest_first if after is None or i[0] < after), limit)


def _used(token: Token, fetched: datetime | None) -> Token:
    """With what chatbots read as well, which is counted elsewhere."""
    used = max(filter(None, (token.last_used, fetched)), default=None)
    return replace(token, last_used=used)


@router.post("", status_code=201, responses=problems(NotFound))
def make_token(body: TokenBody, caller: SignedIn, parts: PartsDep) -> NewToken:
    """Make a token for a machine; it is told once, and only its hash is kept."""
    wanted = Wanted(
        handle=body.handle or caller.person.handle,
        purpose=body.purpose,
        scope=body.scope,
        environments=tuple(body.environments),
        bots=tuple(body.bots),
        days=body.days,
    )
    secret, token = parts.access.make_token(caller.actor, wanted)
    return NewToken(
        token=secret,
        id=token.id,
        handle=token.handle,
        purpose=token.purpose,
        scope=token.scope,
        environments=token.environments,
        bots=token.bots,
        made=token.made,
        expires=token.expires,
        revoked=token.revoked,
        made_by=token.made_by,
        last_used=token.last_used,
    )


@router.delete("/{token}", status_code=204, responses=problems(NotFound))
def revoke_token(
    token: Annotated[str, Path(max_length=40, description="Its id.")],
    caller: SignedIn,
    parts: PartsDep,
) -> None:
    """Revoke a token at once; it does not come back."""
    parts.access.revoke_token(caller.actor, token)
