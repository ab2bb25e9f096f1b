"""The rules at the top of `registry/console_pages.py`."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.console_pages import check_console, check_path, origin_of, page_of
from registry.errors import Invalid

CONSOLE = "http://127.0.0.1:8501"


@pytest.mark.parametrize(
    ("console", "registry"),
    [
        ("http://127.0.0.1:8501", None),
        ("http://localhost:8501", None),
        ("http://[::1]:8501", None),
        ("https://placet.example.com:8501", "https://placet.example.com"),
        ("https://Placet.example.com:8501", "https://placet.example.com:8000"),
    ],
)
def test_a_console_is_on_the_host_of_the_registry(console: str, registry: str | None):
    check_console(console, registry)


@pytest.mark.parametrize(
    ("console", "registry"),
    [
        ("http://console.example.com", None),
        ("http://192.168.1.5:8501", None),
        ("http://127.0.0.1.example.com", None),
        ("https://console.example.com", "https://placet.example.com"),
        ("http://placet.example.com:8501", "https://placet.example.com"),
        ("http://localhost:8501", "http://127.0.0.1:8000"),
    ],
)
def test_a_console_that_no_cookie_would_reach_is_refused(
    console: str, registry: str | None
):
    with pytest.raises(Invalid):
        check_console(console, registry)


@pytest.mark.parametrize(
    "path", ["/", "/change?id=7", "/asof?at=2026-05-03T12:00:00Z&env=a%20b", "/a//b"]
)
def test_a_path_of_the_console_is_taken_as_it_is(path: str):
    assert check_path(path) == path


ODD = st.sampled_from([*"/\\:@?#. \t\r\n%", "//", "http:", "evil.example", "\u2044"])


@given(st.lists(ODD | st.characters(), max_size=8).map("".join))
def test_what_is_taken_never_leads_away_from_the_console(text: str):
    try:
        path = check_path("/" + text)
    except Invalid:
        return

    assert urlsplit(urljoin(CONSOLE, path)).netloc == "127.0.0.1:8501"
    assert urlsplit(CONSOLE + path).netloc == "127.0.0.1:8501"
    assert path.isascii()
    assert path.isprintable()


def test_an_origin_is_the_same_however_it_is_written():
    one = origin_of("https://Placet.example.com/path")

    assert one == origin_of("https://placet.example.com:443")
    assert one != origin_of("http://placet.example.com:443")
    assert one != origin_of("https://placet.example.com:8443")


@pytest.mark.parametrize(
    "text", ["", "null", "http://", "http://[", "file:///x", "a:b"]
)
def test_what_is_no_address_has_no_origin(text: str):
    assert origin_of(text) is None


def test_a_change_is_read_on_its_page_and_all_else_from_the_first():
    assert page_of(CONSOLE, 42) == f"{CONSOLE}/change?id=42"
    assert page_of(CONSOLE, None) == f"{CONSOLE}/"
