"""Everybody asks for everything: each cell of `tests/api/matrix.py` is tried.

A row without a route, and a route without a row, fails.
"""

from collections.abc import Iterator

import pytest
from fastapi.routing import iter_route_contexts

from registry.api.app import routes_of
from tests.api import matrix_world
from tests.api.matrix import CALLERS, ROWS, Row
from tests.api.matrix_world import Asked, World, ask, world

HIDDEN, REFUSED, UNKNOWN = 404, 403, 401
CONFLICT = 409
ENDS_SESSIONS = {"/v1/sessions/current", "/v1/people/{handle}/password"}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("matrix") / "registry") as made:
        yield made


def expected(row: Row, caller: str) -> int | None:
    """The status of the refusal; `None` for an answer."""
    if caller in row.answered:
        return None
    if caller == "nobody":
        return UNKNOWN
    return HIDDEN if caller in row.hidden else REFUSED


def asked(world: World, row: Row, caller: str) -> Asked:
    return getattr(matrix_world, row.asks or "nothing_more")(world, caller)


def is_used_up(row: Row, method: str, status: int) -> bool:
    """Whether the next caller needs something else to ask about."""
    written = method != "GET" and status < 300
    return written or row.asks in matrix_world.MADE_FOR


def is_answered(status: int) -> bool:
    return status < 300 or status == CONFLICT


def test_every_route_has_a_row_and_every_row_a_route(everything: World):
    behind = routes_of(everything.placet.app)
    routes = {
        (method, context.path)
        for context in iter_route_contexts(behind.routes)
        for method in context.methods - {"HEAD"}
    }
    chatbots = {
        ("GET", path)
        for path, what in behind.openapi()["paths"].items()
        if "get" in what
        and ("GET", path) not in {(m, p.replace(":path", "")) for m, p in routes}
    }

    assert {(method, path) for method, path, _ in ROWS} == routes | chatbots


@pytest.mark.parametrize("key", ROWS, ids=lambda key: " ".join(filter(None, key)))
def test_everybody_gets_what_the_row_says(everything: World, key):
    method, path, _ = key
    row, wrong = ROWS[key], {}
    what = None
    assert row.answered <= CALLERS and row.hidden <= CALLERS - row.answered

    for caller in sorted(CALLERS, key=lambda one: (one in row.answered, one)):
        what = what or asked(everything, row, caller)
        client, before = everything.client(caller), everything.head
        status, text = ask(client, method, path, what)
        wanted = expected(row, caller)
        if is_used_up(row, method, status):
            what = None
        if path in ENDS_SESSIONS:
            everything.forgets(caller)
        if wanted is None and not is_answered(status):
            wrong[caller] = f"refused with {status}: {text[:300]}"
        elif wanted is not None and (status != wanted or everything.head != before):
            wrong[caller] = f"{status} instead of {wanted}: {text[:300]}"

    assert wrong == {}
