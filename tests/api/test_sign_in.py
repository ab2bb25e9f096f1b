"""Signing in and out in a browser, through HTTP."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from httpx2 import Response
from sqlalchemy import Engine
from starlette.testclient import TestClient

from registry.api.app import create_app, routes_of
from registry.api.passwords import Passwords
from registry.outbox import PLAIN
from registry.writer import Open
from tests.api.conftest import Placet
from tests.conftest import SettableClock

PASSWORD = "correct horse battery"
CONSOLE = "http://127.0.0.1:8501"
HERE = "http://127.0.0.1:8000"
OURS = {"Sec-Fetch-Site": "same-origin"}
FORM = "application/x-www-form-urlencoded"
NOT_TAKEN = "That was not taken"

Serve = Callable[..., Placet]


@pytest.fixture(scope="module")
def password_hash() -> str:
    return Passwords().make_hash(PASSWORD)


@pytest.fixture
def serve(
    registry: Open, operations: Engine, clock: SettableClock, password_hash: str
) -> Serve:
    """Makes an application as `placet serve` does with these options."""

    def made(*, url: str | None = None, console: str | None = CONSOLE) -> Placet:
        outgoing = replace(PLAIN, url=url, console=console)
        app = create_app(registry, operations, clock, outgoing=outgoing)
        placet = Placet(app=app, parts=routes_of(app).state.parts, clock=clock)
        placet.parts.operations.save_password("author", password_hash)
        return placet

    return made


@pytest.fixture
def served(serve: Serve) -> Placet:
    return serve()


def browser(placet: Placet, address: str = HERE) -> TestClient:
    """It keeps cookies, and goes nowhere by itself."""
    return TestClient(
        placet.app,
        base_url=address,
        follow_redirects=False,
        raise_server_exceptions=False,
    )


def page_for(placet: Placet, cookie: str, secret: str) -> str:
    """The page for a browser that has only this cookie."""
    client = browser(placet)
    client.cookies.set(cookie, secret)
    return client.get("/sign-in").text


def sign_in(
    client: TestClient,
    password: str = PASSWORD,
    *,
    headers: dict[str, str] = OURS,
    **more: str,
) -> Response:
    form = {"handle": "author", "password": password, **more}
    return client.post("/sign-in", data=form, headers=headers)


def sent(client: TestClient, body: str, kind: str = FORM) -> Response:
    headers = {**OURS, "Content-Type": kind}
    return client.post("/sign-in", content=body, headers=headers)


def secret_of(answer: Response) -> str:
    return answer.headers["set-cookie"].partition("=")[2].partition(";")[0]


def current(placet: Placet, secret: str) -> int:
    return placet.bearing(secret).get("/v1/sessions/current").status_code


# The page.


def test_the_page_has_a_labelled_field_for_each_thing_that_it_asks(served: Placet):
    page = browser(served).get("/sign-in")

    labels = re.findall(r'<label for="(\w+)">', page.text)
    fields = re.findall(r'<input id="(\w+)"', page.text)
    assert page.status_code == 200
    assert labels == fields == ["handle", "password"]
    assert '<html lang="en">' in page.text
    assert "<title>Sign in · Placet</title>" in page.text
    assert 'autocomplete="username"' in page.text
    assert 'autocomplete="current-password"' in page.text


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/sign-in?next=//evil"])
def test_a_page_runs_no_script_is_in_no_frame_and_is_not_kept(
    served: Placet, path: str
):
    page = browser(served).get(path)

    policy = page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_the_form_may_lead_to_the_registry_and_the_console_and_nowhere_else(
    served: Placet, serve: Serve
):
    policy = browser(served).get("/sign-in").headers["content-security-policy"]
    alone = browser(serve(console=None)).get("/sign-in")

    assert f"form-action 'self' {CONSOLE};" in policy
    assert "form-action 'self';" in alone.headers["content-security-policy"]


def test_the_page_lets_a_browser_say_where_its_form_comes_from(served: Placet):
    page = browser(served).get("/sign-in")

    assert page.headers["referrer-policy"] == "same-origin"


# Signing in.


def test_a_password_begins_a_session_and_leads_to_the_console(served: Placet):
    answer = sign_in(browser(served))

    assert answer.status_code == 303
    assert answer.headers["location"] == f"{CONSOLE}/"
    assert current(served, secret_of(answer)) == 200


def test_one_goes_on_to_where_one_came_from(served: Placet):
    client = browser(served)
    page = client.get("/sign-in", params={"next": "/change?id=7&at='x'"})

    answer = sign_in(client, next="/change?id=7&at='x'")

    assert 'name="next" value="/change?id=7&amp;at=&#x27;x&#x27;"' in page.text
    assert answer.headers["location"] == f"{CONSOLE}/change?id=7&at='x'"


ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "@evil.example",
    "/change\r\nSet-Cookie: a=b",
    "/\t/evil.example",
    " //evil.example",
    "/change#id",
    "/ch\u00e4nge",
    "/" + "a" * 1000,
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_sent_anywhere_but_to_the_console(served: Placet, address: str):
    client = browser(served)

    shown = client.get("/sign-in", params={"next": address})
    answer = sign_in(client, next=address)

    assert shown.status_code == answer.status_code == 422
    assert NOT_TAKEN in shown.text
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_without_a_console_one_is_told_until_when_one_is_signed_in(serve: Serve):
    client = browser(serve(console=None))

    answer = sign_in(client, next="/change?id=7")
    page = client.get("/sign-in")

    assert answer.headers["location"] == "sign-in"
    assert "You are signed in" in page.text
    assert "2026-05-04 00:00 UTC" in page.text
    assert 'href="sign-out"' in page.text


def test_whoever_is_signed_in_goes_on_without_a_password(served: Placet):
    client = browser(served)
    sign_in(client)

    page = client.get("/sign-in", params={"next": "/change?id=7"})

    assert f'href="{CONSOLE}/change?id=7"' in page.text
    assert 'href="sign-in?again=true&amp;next=%2Fchange%3Fid%3D7"' in page.text


def test_whoever_is_signed_in_can_give_the_password_again(served: Placet):
    client = browser(served)
    sign_in(client)

    page = client.get("/sign-in", params={"again": "true", "next": "/change?id=7"})

    assert "<h1>Sign in</h1>" in page.text
    assert 'name="handle" value="author"' in page.text


def test_looking_at_the_page_is_no_use_of_the_session(served: Placet):
    client = browser(served)
    secret = secret_of(sign_in(client))

    served.clock.forward(minutes=29)
    client.get("/sign-in")
    client.get("/sign-out")
    served.clock.forward(minutes=1)

    assert current(served, secret) == 401


def test_a_session_that_has_ended_is_asked_for_the_password(served: Placet):
    client = browser(served)
    sign_in(client)

    served.clock.forward(minutes=30)

    assert "<h1>Sign in</h1>" in client.get("/sign-in").text
    assert "You are not signed in" in client.get("/sign-out").text


# What goes wrong.


def test_a_wrong_password_and_an_unknown_handle_are_the_same_page(served: Placet):
    wrong = sign_in(browser(served), "wrong horse battery")
    unknown = sign_in(browser(served), handle="nobody")

    assert wrong.status_code == unknown.status_code == 401
    assert "This handle and this password do not belong together." in wrong.text
    assert wrong.text.replace("author", "nobody") == unknown.text
    assert "set-cookie" not in wrong.headers


def test_the_handle_is_kept_and_the_password_is_not(served: Placet):
    page = sign_in(browser(served), "wrong horse battery", next="/change?id=7")

    assert 'name="handle" value="author"' in page.text
    assert 'name="next" value="/change?id=7"' in page.text
    assert "horse" not in page.text
    assert page.text.index("autofocus") > page.text.index('name="password"')


def test_what_somebody_writes_as_a_handle_is_text_and_nothing_else(served: Placet):
    page = sign_in(browser(served), "wrong", handle='"><script>alert(1)</script>')

    assert "<script" not in page.text
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


def test_nothing_said_is_no_try(served: Placet):
    client = browser(served)

    answers = [sign_in(client, handle=" ") for _ in range(40)]

    assert {one.status_code for one in answers} == {422}
    assert "It takes a handle and a password." in answers[-1].text


@pytest.mark.slow
def test_too_many_tries_are_told_how_long_to_wait(served: Placet):
    client = browser(served)
    for _ in range(10):
        served.anonymous().post(
            "/v1/sessions", json={"handle": "author", "password": "wrong"}
        )

    answer = sign_in(client)

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "30"
    assert "Wait 30 seconds, then try again." in answer.text
    assert 'name="handle" value="author"' in answer.text


@pytest.mark.parametrize(
    "body",
    [
        "handle=author&password=a&password=b",
        "handle=author&password=a&role=admin",
        "handle=author&password",
        "handle=%ff&password=a",
        "handle=\u00e4&password=a",
    ],
)
def test_a_form_has_each_of_its_fields_once_and_no_other(served: Placet, body: str):
    answer = sent(browser(served), body)

    assert answer.status_code == 422
    assert NOT_TAKEN in answer.text


def test_a_form_is_sent_as_forms_are(served: Placet):
    body = urlencode({"handle": "author", "password": PASSWORD})

    plain = sent(browser(served), body, "text/plain")
    as_form = sent(browser(served), body, f"{FORM}; charset=utf-8")

    assert (plain.status_code, as_form.status_code) == (422, 303)


def test_a_form_is_small(served: Placet):
    answer = sent(browser(served), "handle=author&password=" + "a" * 32 * 1024)

    assert answer.status_code == 413
    assert NOT_TAKEN in answer.text


# Where the form comes from.


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
        {"Origin": "https://evil.example"},
        {"Origin": CONSOLE},
        {"Origin": "https://127.0.0.1:8000"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {},
    ],
    ids=str,
)
def test_a_form_from_elsewhere_is_refused(
    served: Placet, path: str, headers: dict[str, str]
):
    client = browser(served)
    secret = secret_of(sign_in(client))

    form = {"handle": "author", "password": PASSWORD} if path == "/sign-in" else None
    answer = client.post(path, data=form, headers=headers)

    assert answer.status_code == 403
    assert "This form was not sent from the registry&#x27;s own page." in answer.text
    assert 'href="sign-in"' in answer.text
    assert "set-cookie" not in answer.headers
    assert current(served, secret) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": HERE},
    ],
    ids=str,
)
def test_a_form_from_the_page_itself_is_taken(served: Placet, headers: dict[str, str]):
    assert sign_in(browser(served), headers=headers).status_code == 303


def test_behind_a_proxy_the_origin_is_the_one_that_people_see(serve: Serve):
    url = "https://Placet.example.com:443"
    client = browser(serve(url=url, console=None))

    outside = sign_in(client, headers={"Origin": "https://placet.example.com"})
    inside = sign_in(client, headers={"Origin": HERE})

    assert (outside.status_code, inside.status_code) == (303, 403)


# The cookie.


def test_the_cookie_is_shown_to_no_page_and_sent_by_no_other_site(served: Placet):
    cookie = sign_in(browser(served)).headers["set-cookie"]

    name, *attributes = cookie.split("; ")
    assert name.startswith("placet_session=plc_session_")
    assert sorted(attributes) == ["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=lax"]


def test_with_https_outside_the_cookie_is_for_this_host_over_https_alone(serve: Serve):
    placet = serve(url="https://placet.example.com", console=None)

    cookie = sign_in(browser(placet)).headers["set-cookie"]

    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-placet_session=")
    assert "Secure" in attributes
    assert "Path=/" in attributes
    assert not any(one.startswith("Domain") for one in attributes)


def test_with_https_a_cookie_without_the_prefix_is_nothing(serve: Serve):
    placet = serve(url="https://placet.example.com", console=None)
    secret = secret_of(sign_in(browser(placet)))

    plain = page_for(placet, "placet_session", secret)
    known = page_for(placet, "__Host-placet_session", secret)

    assert "<h1>Sign in</h1>" in plain
    assert "You are signed in" in known


def test_a_cookie_opens_nothing_but_these_pages(served: Placet):
    client = browser(served)
    sign_in(client)

    assert client.get("/v1/sessions/current", headers=OURS).status_code == 401


def test_the_token_of_a_machine_is_no_session(served: Placet):
    made = served.signed_in("author").post(
        "/v1/tokens", json={"purpose": "ci", "scope": "submit", "days": 1}
    )

    page = page_for(served, "placet_session", made.json()["token"])

    assert "<h1>Sign in</h1>" in page


def test_signing_in_again_is_another_session_and_ends_the_one_before(served: Placet):
    client = browser(served)

    first = secret_of(sign_in(client))
    second = secret_of(sign_in(client))

    assert first != second
    assert (current(served, first), current(served, second)) == (401, 200)


def test_a_secret_from_elsewhere_never_becomes_a_session(served: Placet):
    given = "plc_session_" + "a" * 49
    client = browser(served)
    client.cookies.set("placet_session", given)

    secret = secret_of(sign_in(client))

    assert secret != given
    assert current(served, given) == 401


def test_on_this_machine_one_signs_in_where_the_console_is(serve: Serve):
    path = "/sign-in?next=%2Fchange%3Fid%3D7"

    elsewhere = browser(serve(), "http://localhost:8000").get(path)
    outside = browser(serve(), "http://placet.internal:8000").get(path)
    other = serve(console="http://[::1]:8501")

    assert elsewhere.status_code == 303
    assert elsewhere.headers["location"] == f"{HERE}{path}"
    assert outside.status_code == 200
    assert browser(other).get(path).headers["location"].startswith("http://[::1]:8000/")


# Signing out.


def test_signing_out_is_asked_for_and_nothing_happens_before(served: Placet):
    client = browser(served)
    secret = secret_of(sign_in(client))

    page = client.get("/sign-out")

    assert "You are signed in as <b>author</b>" in page.text
    assert '<form method="post" action="sign-out">' in page.text
    assert current(served, secret) == 200


def test_signing_out_ends_the_session_and_forgets_the_cookie(served: Placet):
    client = browser(served)
    secret = secret_of(sign_in(client))

    page = client.post("/sign-out", headers=OURS)

    assert "You are signed out" in page.text
    assert 'href="sign-in"' in page.text
    assert 'placet_session=""; HttpOnly; Max-Age=0' in page.headers["set-cookie"]
    assert not client.cookies
    assert current(served, secret) == 401


def test_whoever_is_not_signed_in_is_told_so(served: Placet):
    client = browser(served)

    asked = client.get("/sign-out")
    done = client.post("/sign-out", headers=OURS)

    assert "You are not signed in" in asked.text
    assert (asked.status_code, done.status_code) == (200, 200)
