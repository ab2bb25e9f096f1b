"""Environments: what is live in each, what was, how two differ, and rendering it."""

from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, Field, JsonValue

from registry.api.deps import AnyCaller, Now, PartsDep, Reader, StateDep
from registry.api.pages import (
    DEFAULT,
    Cursor,
    Limit,
    Page,
    page,
    parse_number,
    sorted_page,
)
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.views.environments import (
    EnvironmentSummary,
    LiveView,
    composed_digest,
    environment_summary,
    live_view,
)
from registry.api.views.moments import (
    BundleMomentView,
    MomentView,
    bundle_moment_view,
    moment_view,
    seqs_of,
    touches,
)
from registry.api.views.rendering import Rendered, rendered
from registry.api.writing import EnvironmentName
from registry.db.engine import reading
from registry.db.history import read_bots, read_event, read_served, read_tellings
from registry.drift import Drift, Relation, drift
from registry.errors import (
    Deleted,
    Invalid,
    NotAllowed,
    NotFound,
    NotSettled,
    NotSignedIn,
    TooLarge,
)
from registry.names import Kind, check_name, parse_ref, ref
from registry.state import Environment, State, seq_at
from registry.writer import Writer

router = APIRouter(
    prefix="/v1/environments",
    tags=["environments"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

At = Annotated[
    AwareDatetime | None,
    Query(description="As of a moment that is over, with its time zone."),
]
Seq = Annotated[int | None, Query(ge=1, lt=2**53, description="As of a seq.")]


class ValuesBody(Body):
    values: dict[str, JsonValue] = Field(
        default={}, description="A value for each input of the prompt.", max_length=1000
    )


@router.get("")
def list_environments(
    caller: Reader, state: StateDep, limit: Limit = DEFAULT, cursor: Cursor = None
) -> Page[EnvironmentSummary]:
    """List the environments, and the seq that each is at."""
    found = sorted(name for name in state.environments if caller.grant.sees(name))
    items = ((n, environment_summary(state.environments[n])) for n in found)
    return sorted_page(items, limit, cursor)


@router.get("/{environment}/live", responses=problems(NotFound, NotSettled))
def get_live(
    environment: EnvironmentName,
    _: Reader,
    parts: PartsDep,
    at: At = None,
    seq: Seq = None,
) -> LiveView:
    """Read everything that is live, or was at a moment or a seq."""
    _state, found, wanted = as_of(parts.opened.writer, environment, at, seq)
    with reading(parts.opened.engine) as connection:
        bots = read_bots(connection, environment, wanted)
    return live_view(found, wanted, bots)


@router.get("/{environment}/history", responses=problems(NotFound))
def list_history(
    environment: EnvironmentName,
    _: Reader,
    state: StateDep,
    parts: PartsDep,
    now: Now,
    document: Annotated[str | None, Query(examples=["bots/acme-air/support"])] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[MomentView]:
    """List how an environment came to be as it is, newest first."""
    found = state.environment(environment)
    about = None if document is None else parse_ref(document)
    with reading(parts.opened.engine) as connection:
        events = (
            (seq, read_event(connection, found.moments[seq].number))
            for seq in seqs_of(found, about, parse_number(cursor))
        )
        items = (
            (str(seq), moment_view(state, found, seq, event, now))
            for seq, event in events
            if touches(event, about)
        )
        return page(items, limit)


@router.get("/{environment}/bundles", responses=problems(NotFound))
def list_bundles(
    environment: EnvironmentName,
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
    now: Now,
    bot: Annotated[str, Query(examples=["acme-air/support"])],
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[BundleMomentView]:
    """List the moments from which a bot was told something else, newest first."""
    caller.grant.check_bot(check_name(bot))
    found = state.environment(environment)
    before = parse_number(cursor)
    with reading(parts.opened.engine) as connection:
        told = read_tellings(connection, environment, bot, before=before)
        # The tables may have a seq already that the state which was read has not.
        known = [one for one in islice(told, limit + 2) if one.seq <= found.seq]
        if not known and before is None:
            raise NotFound(
                f"the bot {bot} was never live in {environment}",
                hint="Check the spelling; `placet search` finds what is live.",
            )
        items = (
            (
                str(one.seq),
                bundle_moment_view(
                    state,
                    found,
                    one,
                    read_event(connection, found.moments[one.seq].number),
                    now,
                ),
            )
            for one in known
        )
        return page(items, limit)


@router.get("/{environment}/drift", responses=problems(NotFound))
def get_drift(
    environment: EnvironmentName,
    caller: Reader,
    state: StateDep,
    now: Now,
    against: Annotated[
        str, Query(description="The environment to compare with.", examples=["staging"])
    ],
    bot: Annotated[
        str | None,
        Query(
            description="Only this bot, with what it uses in either.",
            examples=["acme-air/support"],
        ),
    ] = None,
    differing: Annotated[
        bool, Query(description="Leave out what is the same in both.")
    ] = False,
) -> Drift:
    """Compare with another environment: what is ahead, behind, or went its own way."""
    caller.grant.check_environment(against)
    found = drift(
        state,
        state.environment(environment),
        state.environment(against),
        bot=None if bot is None else ref(Kind.BOT, check_name(bot)),
        now=now,
    )
    if not differing:
        return found
    unlike = (one for one in found.documents if one.relation is not Relation.SAME)
    return replace(found, documents=tuple(unlike))


@router.post(
    "/{environment}/prompts/{name:path}:render",
    responses=problems(NotFound, Deleted, NotSettled, TooLarge),
)
def render_prompt(
    environment: EnvironmentName,
    name: Annotated[str, Path(examples=["acme-air/refunds"])],
    body: ValuesBody,
    caller: AnyCaller,
    parts: PartsDep,
    at: At = None,
    seq: Seq = None,
) -> Rendered:
    """Put values into a prompt that is live, or was, and get messages for a model."""
    caller.grant.check_documents()
    document = ref(Kind.PROMPT, check_name(name))
    state, found, wanted = as_of(parts.opened.writer, environment, at, seq)
    digest = composed_digest(state, found, document, wanted)
    with reading(parts.opened.engine) as connection:
        served = read_served(connection, digest)
    return rendered(
        served, digest, environment=environment, seq=wanted, values=body.values
    )


def as_of(
    writer: Writer, environment: str, at: datetime | None, seq: int | None
) -> tuple[State, Environment, int]:
    """The state, an environment in it, and the seq of it that was asked for.

    Raises as `seq_asked` does.
    """
    settled = writer.settled()  # first, or what happens in between is left out
    state = writer.state
    found = state.environment(environment)
    return state, found, seq_asked(found, at, seq, settled)


def seq_asked(
    environment: Environment, at: datetime | None, seq: int | None, settled: datetime
) -> int:
    """The seq that was asked for; what is live now if none was.

    Args:
        settled: The time before which nothing more will happen.

    Raises:
        Invalid: A moment and a seq were given.
        NotFound: The environment has never been at it.
        NotSettled: The moment is not over yet.
    """
    if at is not None and seq is not None:
        raise Invalid(
            "a moment and a seq are two ways to say one thing",
            hint="Give `at` or `seq`, or neither for what is live now.",
        )
    if at is not None:
        return seq_at(environment, at, settled)
    if seq is not None:
        environment.moment(seq)
        return seq
    return environment.seq
