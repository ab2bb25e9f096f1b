"""What people write is read in the console, and does nothing there.

Each payload stands wherever somebody can put it: in a prompt's text and description,
in what a bot says of itself, in the title of a change, in a comment, in the reason of a
vote and of a stop, in somebody's name.  After every page nothing of it may have run,
nothing may have been fetched, nothing may be styled or sent by it, and no badge may
look like ours.
"""

import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from registry.errors import InvalidDocument, RegistryError
from registry.remote.changes import Proposal
from registry.remote.people import Person
from tests.api import texts
from tests.ui.proposing import votes
from tests.ui.world import World, drawn

pytestmark = pytest.mark.slow

BADGE = ":green-badge[Approved by the board]"
PAYLOADS = {
    "script": "<script>window.pwned = 1</script><img src=x onerror='window.pwned=1'>",
    "events": "<svg onload='window.pwned=1'></svg><details open ontoggle='pwned=1'>x",
    "frame": "<iframe srcdoc='<script>parent.pwned=1</script>' src='{beacon}/f'>",
    "style": "<style>body{display:none}</style><p style='position:fixed;inset:0'>x</p>",
    "sheet": "<link rel=stylesheet href='{beacon}/css'><style>@import '{beacon}/i'",
    "form": "<form action='{beacon}/form'><button>Approve</button></form>",
    "image": "<img src='{beacon}/html'> ![x]({beacon}/markdown)",
    "link": "[Sign in again]({beacon}/link) <a href='javascript:window.pwned=1'>x</a>",
    "page": "<base href='{beacon}/'><meta http-equiv=refresh content='0;{beacon}/m'>",
    "badge": f"{BADGE} :material/verified: **Checked** <mark class=mark>ok</mark>",
    "formula": "$\\href{javascript:window.pwned=1}{Approved}$ `ok` :red[no] </p></div>",
    "lookalike": "Approved by the b\u043eard",
}
HERE = "development"
APART = "\u200b"
"""Keeps an address from becoming a link, and has no width."""
PAGES = {
    "inbox": ("author", "/"),
    "inbox of others": ("product", "/?view=others"),
    "changes": ("product", "/change?state=any"),
    "live": ("product", "/live?env=development"),
    "moves": ("product", "/live?env=development&view=moves"),
    "time": ("product", "/time?environment=development"),
    "two moments": ("product", "/time?environment=development&view=two&seq=1&to_seq=9"),
    "ledger": ("auditor", "/ledger"),
    "catalogue": ("product", "/catalogue?q=window"),
    "people": ("admin", "/policy?view=people"),
    "tokens": ("operator", "/policy?view=tokens"),
}
OF_EACH = {
    "change": ("product", "/change?id={change}"),
    "bot": ("product", "/live?env=development&bot=hostile-{name}/support"),
    "resuming": (
        "operator",
        "/live?env=development&bot=hostile-{name}/support&do=resume",
    ),
    "document": ("product", "/catalogue?document=prompts/hostile-{name}/refunds"),
    "uses": ("product", "/catalogue?document=bots/hostile-{name}/support&part=Uses"),
    "versions": (
        "product",
        "/catalogue?document=bots/hostile-{name}/support&part=Versions",
    ),
    "timeline": (
        "product",
        "/time?environment=development&bot=hostile-{name}/support&view=became",
    ),
    "prompt": (
        "author",
        "/playground?environment=development&prompt=hostile-{name}/refunds",
    ),
    "editing": (
        "author",
        "/propose?env=development&document=bots/hostile-{name}/support",
    ),
    "person": ("admin", "/policy?view=people&person={name}"),
}
EVENTS_OF_ONE = 7
"""Proposed, live, stopped, proposed again, talked about, voted on, a person."""

HIDDEN = {
    "bidi": "Refund \u202eyes\u202c no",
    "tags": "Be kind.\U000e0049\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065",
    "zero width": "Re\u200bfund",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """Where one payload stands."""

    name: str
    text: str
    change: int

    def at(self, path: str) -> str:
        return path.format(name=self.name, change=self.change)


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


@pytest.fixture(scope="module")
def planted(world, beacon) -> dict[str, Planted]:
    """Every payload, everywhere."""
    port = beacon.server_address[1]
    elsewhere = f"http://127.0.0.1:{port}"
    return {
        name: plant(world, name, payload.replace("{beacon}", elsewhere))
        for name, payload in PAYLOADS.items()
    }


def plant(world: World, name: str, text: str) -> Planted:
    """Live in development, stopped there, and asked for in production."""
    author, risk = world["author"].changes, world["risk"]
    live = author.submit(HERE, proposal(text, sources_of(name, text, "1.0.0")))
    author.activate(live.id, live.review_digest)
    risk.environments.stop(HERE, f"hostile-{name}/support", text)
    change = author.submit(
        "production", proposal(text, sources_of(name, text, "1.0.1"))
    )
    author.comment(change.id, text)
    votes(world, change, "risk", "ask-for-changes", text)
    world["admin"].people.set(
        Person(handle=name, roles=("viewer",), seats=(), active=True, name=text)
    )
    world["operator"].tokens.make(
        purpose=text, scope="read", environments=(HERE,), bots=(), days=1
    )
    return Planted(name=name, text=text, change=change.id)


def sources_of(name: str, text: str, version: str) -> list[str]:
    return [prompt_of(name, text, version), bot_of(name, text, version)]


def prompt_of(name: str, text: str, version: str = "1.0.0") -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    source = texts.prompt(f"hostile-{name}/refunds", version, text, "low")
    return source.replace("description: Answers a question.", f"description: {quoted}")


def bot_of(name: str, text: str, version: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    source = texts.bot(f"hostile-{name}/support", version)
    source = source.replace("acme/", f"hostile-{name}/")
    for said in (
        "description: Answers customers.",
        "purpose: Support",
        "audience: customers",
        "disclosure: You talk to a machine.",
        "fallback: Please call us.",
    ):
        assert said in source
        source = source.replace(said, f"{said.partition(':')[0]}: {quoted}")
    return source


def proposal(title: str, sources: list[str]) -> Proposal:
    return Proposal(title=title, sources=sources, deleted=(), edited_from={})


def is_harmless(page: Page, beacon) -> None:
    elsewhere = f"127.0.0.1:{beacon.server_address[1]}"
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("getComputedStyle(document.body).display") != "none"
    for one in (
        f"form[action*='{elsewhere}']",
        f"img[src*='{elsewhere}'], img[src=x]",
        f"link[href*='{elsewhere}'], a[href*='{elsewhere}']",
        "a[href^='javascript'], base, meta[http-equiv=refresh]",
        "iframe[srcdoc], svg[onload], details[ontoggle]",
        "p[style*=fixed]",
        ".stMarkdownBadge",
        ".katex",
    ):
        assert page.locator(one).count() == 0, one
    assert beacon.hits == []


@pytest.mark.parametrize("place", PAGES)
def test_lists_with_hostile_text_are_only_read(seat, planted, beacon, place):
    handle, path = PAGES[place]
    page = seat(handle).opens(path)

    is_harmless(page, beacon)


@pytest.mark.parametrize("name", PAYLOADS)
def test_pages_about_hostile_text_are_only_read(seat, planted, beacon, name):
    one = planted[name]
    for place, (handle, path) in OF_EACH.items():
        page = seat(handle).opens(one.at(path))

        assert page.locator("[data-testid=stException]").count() == 0, place
        is_harmless(page, beacon)


def test_events_with_hostile_text_are_only_read(seat, world, planted, beacon):
    events = world["auditor"].ledger.events(newest_first=True)
    newest = next(events)["number"]
    one = seat("auditor")
    for number in range(newest - EVENTS_OF_ONE, newest + 1):
        is_harmless(one.opens(f"/ledger?event={number}"), beacon)


@pytest.mark.parametrize("name", PAYLOADS)
def test_hostile_text_is_shown_as_it_was_written(seat, planted, name):
    one = planted[name]
    page = seat("product").opens(one.at("/change?id={change}"))

    shown = page.locator("[data-testid=stMain]").inner_text().replace(APART, "")
    assert shown.count(one.text) >= 4  # title, text, comment, reason
    expect(page.get_by_role("heading", level=1)).to_have_text([one.text])


def test_nobody_forges_a_badge(seat, planted):
    page = seat("product").opens(planted["badge"].at("/change?id={change}"))

    shown = page.locator("[data-testid=stAppViewContainer]").inner_text()
    assert BADGE in shown
    assert page.locator(".stMarkdownBadge").count() == 0
    marks = page.locator(".mark").all_inner_texts()
    assert "ok" not in marks
    assert "Approved by the board" not in marks


def test_letters_that_look_like_others_are_told(seat, planted):
    page = seat("product").opens(planted["lookalike"].at("/change?id={change}"))

    expect(page.locator("mark.hidden").first).to_be_visible()


def test_what_a_button_says_of_hostile_text_is_text_as_well(seat, planted, beacon):
    one = planted["badge"]
    page = seat("risk").opens(one.at("/change?id={change}"))
    page.get_by_label("Comment", exact=True).fill(one.text)

    page.get_by_role("button", name="Comment").click()

    expect(page.get_by_text("Your comment is on record.").first).to_be_visible()
    drawn(page)
    is_harmless(page, beacon)


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_text_never_gets_as_far_as_the_console(world, name):
    text = HIDDEN[name]
    author, change = world["author"].changes, planted_in_production(world)
    refused = (RegistryError, InvalidDocument)

    with pytest.raises(refused):
        author.submit(HERE, proposal(text, [texts.prompt("hidden/title")]))
    with pytest.raises(refused):
        author.submit(HERE, proposal("It", [prompt_of("hidden", text)]))
    with pytest.raises(refused):
        author.comment(change.id, text)
    with pytest.raises(refused):
        votes(world, change, "product", "approve", text)


def planted_in_production(world):
    sources = [texts.prompt("hidden/none")]
    return world["author"].changes.submit("production", proposal("It", sources))


@pytest.mark.parametrize(
    "name", ["<b>bold</b>", "**bold**", "a' onload=x", "bo\u202eld"]
)
def test_what_people_and_documents_are_called_holds_no_markup(world, name):
    with pytest.raises(RegistryError):
        world["admin"].people.set(
            Person(handle=name, roles=("viewer",), seats=(), active=True)
        )
    with pytest.raises(RegistryError):
        world["author"].changes.submit(HERE, proposal("It", [texts.prompt(name)]))
