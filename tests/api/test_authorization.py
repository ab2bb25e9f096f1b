"""Who may come in where: a row for every route.

A route without a row, and a row without a route, fails.
"""

import pytest
from fastapi.routing import iter_route_contexts
from httpx2 import Response

from registry.api.app import routes_of
from registry.api.bearer import Scope
from tests.api.conftest import Placet

EVERYBODY = "everybody"
ANY = "any token"
READER = "people, and tokens that check, submit or operate"
PROPOSER = "people, and tokens that submit or operate"
OPERATING = "people, and tokens that operate"
PEOPLE = "people"

ROWS = {
    ("POST", "/v1/sessions"): EVERYBODY,
    ("GET", "/v1/sessions/current"): READER,
    ("DELETE", "/v1/sessions/current"): PEOPLE,
    ("POST", "/v1/changes"): PROPOSER,
    ("GET", "/v1/changes"): READER,
    ("GET", "/v1/changes/{change}"): READER,
    ("GET", "/v1/changes/{change}/difference"): READER,
    ("POST", "/v1/changes/{change}/revisions"): PROPOSER,
    ("GET", "/v1/changes/{change}/checks"): READER,
    ("POST", "/v1/changes/{change}/checks"): READER,
    ("POST", "/v1/changes/{change}/waivers"): PEOPLE,
    ("POST", "/v1/changes/{change}/votes"): PEOPLE,
    ("POST", "/v1/changes/{change}/conditions-met"): PEOPLE,
    ("POST", "/v1/changes/{change}/veto-clearances"): PEOPLE,
    ("POST", "/v1/changes/{change}/comments"): PROPOSER,
    ("POST", "/v1/changes/{change}/activation"): OPERATING,
    ("POST", "/v1/changes/{change}/emergency"): PEOPLE,
    ("POST", "/v1/changes/{change}/withdrawal"): PROPOSER,
    ("GET", "/v1/ratifications"): READER,
    ("GET", "/v1/ratifications/{ratification}"): READER,
    ("POST", "/v1/ratifications/{ratification}/judgements"): PEOPLE,
    ("GET", "/v1/inbox"): PEOPLE,
    ("GET", "/v1/attention"): READER,
    ("GET", "/v1/conditions"): READER,
    ("GET", "/v1/environments/{environment}/reviews"): READER,
    ("POST", "/v1/environments/{environment}/certifications"): PEOPLE,
    ("GET", "/v1/environments"): READER,
    ("GET", "/v1/environments/{environment}/live"): READER,
    ("GET", "/v1/environments/{environment}/history"): READER,
    ("POST", "/v1/environments/{environment}/prompts/{name:path}:render"): ANY,
    ("POST", "/v1/environments/{environment}/guardrails/{name:path}:check"): ANY,
    ("POST", "/v1/environments/{environment}/promotions"): PROPOSER,
    ("POST", "/v1/environments/{environment}/rollbacks"): OPERATING,
    ("POST", "/v1/environments/{environment}/rollbacks/preview"): READER,
    ("POST", "/v1/environments/{environment}/stops"): OPERATING,
    ("POST", "/v1/environments/{environment}/resumptions"): PROPOSER,
    ("GET", "/v1/environments/{environment}/bindings"): READER,
    ("GET", "/v1/environments/{environment}/retirements"): READER,
    ("POST", "/v1/environments/{environment}/observations"): ANY,
    ("GET", "/v1/environments/{environment}/observations"): READER,
    ("GET", "/v1/alerts"): READER,
    ("POST", "/v1/alerts/{alert}/resolution"): PEOPLE,
    ("GET", "/v1/notification-targets"): PEOPLE,
    ("POST", "/v1/notification-targets"): PEOPLE,
    ("DELETE", "/v1/notification-targets/{target}"): PEOPLE,
    ("POST", "/v1/notification-targets/{target}/secret"): PEOPLE,
    ("POST", "/v1/notification-targets/{target}/test"): PEOPLE,
    ("GET", "/v1/notifications"): READER,
    ("GET", "/v1/documents"): READER,
    ("GET", "/v1/documents/{kinds}/{name:path}"): READER,
    ("GET", "/v1/documents/{kinds}/{name:path}/versions/{version}"): READER,
    ("GET", "/v1/search"): READER,
    ("GET", "/v1/recalls"): READER,
    ("POST", "/v1/recalls"): OPERATING,
    ("GET", "/v1/policies"): READER,
    ("GET", "/v1/policies/{environment}"): READER,
    ("POST", "/v1/policies/{environment}"): PEOPLE,
    ("POST", "/v1/policies/{environment}/simulation"): READER,
    ("GET", "/v1/people"): READER,
    ("PUT", "/v1/people/{handle}"): PEOPLE,
    ("POST", "/v1/people/{handle}/password"): PEOPLE,
    ("GET", "/v1/tokens"): PEOPLE,
    ("POST", "/v1/tokens"): PEOPLE,
    ("DELETE", "/v1/tokens/{token}"): PEOPLE,
    ("GET", "/v1/ledger/events"): READER,
    ("GET", "/v1/ledger/export"): READER,
    ("POST", "/v1/ledger/verify"): OPERATING,
    ("GET", "/v1/ledger/checkpoint"): ANY,
    ("GET", "/v1/ledger/keys"): ANY,
    ("GET", "/v1/ledger/mirrors"): READER,
    ("GET", "/git/{repository}.git/info/refs"): READER,
    ("POST", "/git/{repository}.git/git-upload-pack"): READER,
    ("POST", "/git/{repository}.git/git-receive-pack"): PROPOSER,
    ("GET", "/livez"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/schemas/{kind}.json"): EVERYBODY,
    ("GET", "/docs"): EVERYBODY,
    ("GET", "/openapi.json"): EVERYBODY,
}
SCOPES = {
    EVERYBODY: set(Scope),
    ANY: set(Scope),
    READER: {Scope.SESSION, Scope.CHECK, Scope.SUBMIT, Scope.OPERATE},
    PROPOSER: {Scope.SESSION, Scope.SUBMIT, Scope.OPERATE},
    OPERATING: {Scope.SESSION, Scope.OPERATE},
    PEOPLE: {Scope.SESSION},
}
GUARDED = sorted(row for row, who in ROWS.items() if who != EVERYBODY)
TOKENS = (Scope.READ, Scope.CHECK, Scope.SUBMIT, Scope.OPERATE)
BODIES = {"rollbacks": {"all": True, "to_seq": 1, "reason": "a test"}}


def address(path: str) -> str:
    """*path* with something in its parameters."""
    filled = path.replace(":path", "").replace("{change}", "1").replace("{alert}", "1")
    names = {"environment": "production", "kinds": "prompts", "name": "a/b"}
    names |= {"version": "1.0.0", "handle": "viewer", "token": "none", "target": "x"}
    names |= {"ratification": "1"}
    return filled.format(**names, repository="production")


def ask(client, method: str, path: str):
    body = (
        BODIES.get(path.rpartition("/")[2], {}) if method in {"POST", "PUT"} else None
    )
    return client.request(method, address(path), json=body)


def refused_by_scope(answer: Response) -> bool:
    """Whether it was the token, and not its person, that was not enough."""
    if answer.headers.get("content-type", "").startswith("text/plain"):
        return answer.status_code == 403 and "token" in answer.text  # git prints it
    problem = answer.json() if answer.status_code == 403 else {}
    return "token" in problem.get("detail", "")


def test_every_route_has_a_row(placet: Placet):
    routes = {
        (method, context.path)
        for context in iter_route_contexts(routes_of(placet.app).routes)
        for method in context.methods - {"HEAD"}
    }

    assert routes == set(ROWS)


def test_nothing_answers_without_a_token(placet: Placet):
    client = placet.anonymous()

    answers = {row: ask(client, *row) for row in GUARDED}

    assert {one.status_code for one in answers.values()} == {401}
    for (_, path), one in answers.items():
        way = one.headers["www-authenticate"].partition(" ")[0]
        assert way == ("Basic" if path.startswith("/git/") else "Bearer")


@pytest.mark.parametrize("scope", TOKENS)
def test_a_token_comes_in_where_its_scope_says_and_nowhere_else(
    placet: Placet, scope: Scope
):
    client = placet.machine(scope)

    refused = {row for row in GUARDED if refused_by_scope(ask(client, *row))}

    assert refused == {row for row in GUARDED if scope not in SCOPES[ROWS[row]]}


def test_a_session_comes_in_everywhere(placet: Placet):
    refused = {
        row for row in GUARDED if refused_by_scope(ask(placet.signed_in("admin"), *row))
    }

    assert refused == set()


def test_nothing_else_is_there(placet: Placet):
    answer = placet.signed_in("admin").get("/v1/elsewhere")

    assert answer.status_code == 404


def test_an_address_that_does_not_exist_is_not_told_from_one_that_does(placet: Placet):
    assert placet.anonymous().get("/v1/elsewhere").status_code == 401
