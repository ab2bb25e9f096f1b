"""Who gets in to the console, and what every answer of it carries."""

import re

import httpx2
import pytest

from ui.settings import settings

INTERNALS = (
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/agent",
    "/media/none",
)
PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def get(world):
    """Reads from the console, as somebody if one is named."""
    world.starts_console()

    def getting(path, handle=None, **headers):
        if handle is not None:
            headers["Cookie"] = f"{settings().cookie}={world.secret(handle)}"
        url = headers.pop("url", world.console)
        return httpx2.get(url + path, headers=headers)

    return getting


def test_who_did_not_sign_in_is_led_to_the_sign_in_page_and_back(get, world):
    answer = get("/change?id=7", **PAGE)

    assert answer.status_code == 303
    next_ = "%2Fchange%3Fid%3D7"
    assert answer.headers["location"] == f"{world.url}/sign-in?next={next_}"


def test_a_session_that_ended_is_none(get, world):
    answer = get("/", Cookie=f"{settings().cookie}=plc_session_{'a' * 49}", **PAGE)

    assert answer.status_code == 303


def test_a_cookie_of_something_else_on_this_host_takes_nothing_from_it(get, world):
    cookies = f'prefs={{"a": "b c"}}; {settings().cookie}={world.secret("viewer")}'

    assert get("/", Cookie=cookies, **PAGE).status_code == 200


@pytest.mark.parametrize("path", INTERNALS)
def test_internals_are_closed_to_strangers(get, path):
    assert get(path, **PAGE).status_code in {403, 404}


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent"])
def test_nobody_reads_the_server_s_own_figures_or_drives_it(get, path):
    assert get(path, "viewer").status_code == 404


def test_the_frontend_works_for_who_signed_in(get):
    assert get("/_stcore/health", "viewer").status_code == 200
    assert get("/", "viewer", **PAGE).status_code == 200


def test_every_answer_has_the_policy_and_may_not_be_framed(get):
    for answer in (get("/"), get("/", "viewer"), get("/static/none"), get("/livez")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert "'unsafe-inline'" not in re.search("script-src[^;]*", policy)[0]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"


def test_another_name_of_this_machine_leads_to_the_console_s_own(get, world):
    port = world.console.rpartition(":")[2]
    answer = get("/live?environment=staging", url=f"http://localhost:{port}")

    assert answer.status_code == 307
    assert answer.headers["location"] == f"{world.console}/live?environment=staging"


def test_a_foreign_name_is_refused(get):
    assert get("/", "viewer", Host="console.example").status_code == 421


def test_a_page_elsewhere_cannot_connect(get, world):
    cookie = f"{settings().cookie}={world.secret('viewer')}"
    asked = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Cookie": cookie,
    }
    path = f"{world.console}/_stcore/stream"

    for origin in ({}, {"Origin": "http://evil.example"}):
        assert httpx2.get(path, headers=asked | origin).status_code == 403


def test_a_long_path_is_no_way_out(get):
    answer = get("//evil.example/" + "a" * 5000, **PAGE)

    assert answer.status_code == 303
    assert "evil.example" in answer.headers["location"]
    assert "next=%2Fevil.example" in answer.headers["location"]
    assert len(answer.headers["location"]) < 3000
