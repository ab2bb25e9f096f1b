"""What authors write is read in the console, and does nothing there.

Each payload stands where an author can put it: in a prompt's text, in its
description, in the title of the change, in a comment.  After every page nothing of
it may have run, nothing may have been fetched, and no badge may look like ours.
"""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

from registry.errors import InvalidDocument, RegistryError
from registry.remote.changes import Proposal

pytestmark = pytest.mark.slow

BADGE = ":green-badge[Approved by the board]"
PAYLOADS = {
    "script": "<script>window.pwned = 1</script><img src=x onerror='window.pwned=1'>",
    "style": "<style>body{display:none}</style><p style='position:fixed;inset:0'>x</p>",
    "form": "<form action='{beacon}/form'><button>Approve</button></form>",
    "image": "<img src='{beacon}/html'> ![x]({beacon}/markdown)",
    "link": "[Sign in again]({beacon}/link) <a href='javascript:window.pwned=1'>x</a>",
    "badge": f"{BADGE} :material/verified: **Checked** <mark class=mark>ok</mark>",
    "lookalike": "Approved by the b\u043eard",
}
LISTS = (
    "/",
    "/change?state=any",
    "/live?env=development",
    "/time?environment=development",
    "/ledger",
    "/catalogue?document=prompts/hostile/script",
    "/catalogue?document=prompts/hostile/image",
    "/playground?environment=development&prompt=hostile/link",
    "/policy?view=people",
)
HIDDEN = {
    "bidi": "Refund \u202eyes\u202c no",
    "tags": "Be kind.\U000e0049\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065",
    "zero width": "Re\u200bfund",
}
PROMPT = """\
kind: prompt
name: hostile/{name}
version: "1.0.0"
owner: product
description: {text}
tier: low
template: none
messages:
  - role: system
    content: {text}
"""


@pytest.fixture(scope="module")
def beacon():
    """A server elsewhere, and what was fetched from it."""
    hits: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    server.hits = hits
    yield server
    server.shutdown()
    server.server_close()


def proposal(name: str, text: str) -> Proposal:
    quoted = "'" + text.replace("'", "''") + "'"
    source = PROMPT.format(name=name.replace(" ", "-"), text=quoted)
    return Proposal(title=text, sources=[source], deleted=(), edited_from={})


@pytest.fixture(scope="module")
def changes(world, beacon):
    """One for each payload, by its name, live in development."""
    port = beacon.server_address[1]
    made = {}
    for name, payload in PAYLOADS.items():
        text = payload.replace("{beacon}", f"http://127.0.0.1:{port}")
        change = world["author"].changes.submit("development", proposal(name, text))
        world["author"].changes.comment(change.id, text)
        world["author"].changes.activate(change.id, change.review_digest)
        made[name] = (change.id, text)
    return made


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_change_with_hostile_text_is_only_read(seat, changes, beacon, name):
    change, text = changes[name]
    page = seat("product").opens(f"/change?id={change}")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert page.evaluate("window.pwned") is None
    assert page.locator("form[action*='127.0.0.1']").count() == 0
    assert page.locator(f"img[src*='{beacon.server_address[1]}']").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.get_by_text(text[:24]).first.is_visible()
    assert beacon.hits == []


@pytest.mark.parametrize("path", LISTS)
def test_lists_with_hostile_text_are_only_read(seat, changes, beacon, path):
    page = seat("product").opens(path)

    page.wait_for_load_state("networkidle")

    assert page.evaluate("window.pwned") is None
    assert page.evaluate("getComputedStyle(document.body).display") != "none"
    assert beacon.hits == []


def test_nobody_forges_a_badge(seat, changes):
    change, _ = changes["badge"]
    page = seat("product").opens(f"/change?id={change}")

    page.wait_for_load_state("networkidle")

    shown = page.locator("[data-testid=stAppViewContainer]").inner_text()
    assert BADGE in shown
    assert page.locator(".stMarkdownBadge").count() == 0
    assert "Approved by the board" not in page.locator(".mark").all_inner_texts()


def test_letters_that_look_like_others_are_told(seat, changes):
    change, _ = changes["lookalike"]
    page = seat("product").opens(f"/change?id={change}")

    expect(page.locator("mark.hidden").first).to_be_visible()


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_text_never_gets_as_far_as_the_console(world, name):
    with pytest.raises((RegistryError, InvalidDocument)):
        world["author"].changes.submit("development", proposal(name, HIDDEN[name]))
