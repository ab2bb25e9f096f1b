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
SLOW = {"sign_in", "sign_in_by_form", "own_password"}
"""Those that compare a password for each caller."""

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


CELLS = [
    pytest.param(
        key,
        id=" ".join(filter(None, key)),
        marks=[pytest.mark.slow] if row.asks in SLOW else [],
    )
    for key, row in ROWS.items()
]


@pytest.mark.parametrize("key", CELLS)
def test_everybody_gets_what_the_row_says(everything: World, key):
    method, path, _ = key
    row, wrong = ROWS[key], {}
    what = None
    assert row.answered <= CALLERS
    assert row.hidden <= CALLERS - row.answered

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


def test_who_holds_nothing_any_more_takes_back_what_was_theirs(everything: World):
    path = "/v1/people/leaving"
    held = {"roles": ["author"], "seats": ["risk"], "active": True}
    asked = everything.does("admin", "PUT", path, held)["asked_for"]
    number = {"proposed": asked["number"]}
    everything.does("admin2", "POST", f"{path}/confirmation", number)
    theirs, vetoed = everything.submits(by="leaving"), everything.submits()
    digest = {"review_digest": vetoed["review_digest"]}
    veto = {**digest, "verdict": "veto", "seat": "risk", "reason": "No."}
    changes = [f"/v1/changes/{one['id']}" for one in (theirs, vetoed)]
    everything.does("leaving", "POST", f"{changes[1]}/votes", veto)
    nothing = {"roles": [], "seats": [], "active": True}
    everything.does("admin", "PUT", path, nothing)
    client = everything.client("leaving")

    answers = [
        client.post(f"{changes[0]}/comments", json={"text": "Well."}),
        client.get(changes[0]),
        client.post(f"{changes[0]}/withdrawal", json={"reason": "I am leaving."}),
        client.post(
            f"{changes[1]}/veto-clearances",
            json={"veto_by": "leaving", "reason": "I am leaving."},
        ),
    ]

    assert [one.status_code for one in answers] == [403, 403, 201, 201]


def test_whoever_is_not_known_is_told_how_to_come_in(everything: World):
    for key, row in ROWS.items():
        if "nobody" in row.answered:
            continue
        client = everything.placet.anonymous()
        answer = client.request(key[0], key[1].replace("{", "").replace("}", ""))
        way = answer.headers["www-authenticate"].partition(" ")[0]
        assert way == ("Basic" if key[1].startswith("/git/") else "Bearer")


def test_nothing_else_is_there(everything: World):
    answer = everything.placet.signed_in("admin").get("/v1/elsewhere")

    assert answer.status_code == 404


def test_an_address_that_does_not_exist_is_not_told_from_one_that_does(
    everything: World,
):
    assert everything.placet.anonymous().get("/v1/elsewhere").status_code == 401
