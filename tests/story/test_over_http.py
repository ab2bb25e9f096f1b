"""The story of one bot, told over HTTP, with the chatbot's own client reading.

A real server process; every person signs in and has their own session; the
chatbot has a token that can do nothing but read.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

import placet
from tests.cli.worlds import PLACET, Library, begin

pytestmark = pytest.mark.slow

PRODUCTION = "/v1/environments/production"
SEATS = ("product", "risk", "board")


class Registry:
    """A served registry, and everybody's session with it."""

    def __init__(self, url: str, passwords: dict[str, str]) -> None:
        self.url = url
        self._sessions = {
            handle: self._sign_in(handle, password)
            for handle, password in passwords.items()
        }

    def _sign_in(self, handle: str, password: str) -> dict[str, str]:
        answer = httpx2.post(
            f"{self.url}/v1/sessions", json={"handle": handle, "password": password}
        )
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    def get(self, who: str, path: str, **params: object) -> httpx2.Response:
        headers = self._sessions[who]
        return httpx2.get(self.url + path, params=params, headers=headers)

    def post(self, who: str, path: str, **body: object) -> httpx2.Response:
        return httpx2.post(self.url + path, json=body, headers=self._sessions[who])

    def does(self, who: str, path: str, **body: object) -> dict:
        """What comes of a post, which has to go well."""
        answer = self.post(who, path, **body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def submit(self, who: str, *paths: Path) -> dict:
        sources = [{"source": path.read_text()} for path in paths]
        return self.does(
            who,
            "/v1/changes",
            environment="production",
            title="What the bot says",
            documents=sources,
            deleted=[],
            edited_from={},
        )

    def vote(self, who: str, change: dict) -> httpx2.Response:
        return self.post(
            who,
            f"/v1/changes/{change['id']}/votes",
            review_digest=change["review_digest"],
            verdict="approve",
            seat=who,
            reason="I have read it.",
        )

    def activate(self, change: dict) -> dict:
        for seat in SEATS:
            assert self.vote(seat, change).status_code in {201, 403}
        return self.does(
            "operator",
            f"/v1/changes/{change['id']}/activation",
            review_digest=change["review_digest"],
        )


@pytest.fixture(scope="module")
def registry(tmp_path_factory) -> Iterator[Registry]:
    home = tmp_path_factory.mktemp("story") / "registry"
    passwords = begin(home)
    server = subprocess.Popen(
        [PLACET, "serve", "--home", home, "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        url = re.search(r"http://\S+:\d+", server.stderr.readline())
        yield Registry(url[0], passwords)
    finally:
        server.terminate()
        server.wait()
        server.stderr.close()


@pytest.fixture
def library(tmp_path: Path, request: pytest.FixtureRequest) -> Library:
    return Library(tmp_path, re.sub(r"[^a-z0-9]", "-", request.node.name)[:40])


@pytest.fixture
def chatbot(registry) -> Iterator[placet.Client]:
    made = registry.does(
        "operator",
        "/v1/tokens",
        purpose="the chatbot",
        scope="read",
        environments=["production"],
        bots=[],
        days=1,
    )
    with placet.Client(
        registry.url,
        token=made["token"],
        environment="production",
        refresh="manual",
    ) as client:
        yield client


def test_from_the_first_word_to_a_moment_in_the_past(registry, library, chatbot):
    files = sorted(library.folder.rglob("*.yaml"))

    # Nobody's vote counts on what they wrote, and nothing goes live without votes.
    change = registry.submit("author", *files)
    early = registry.post(
        "operator",
        f"/v1/changes/{change['id']}/activation",
        review_digest=change["review_digest"],
    )
    assert early.status_code == 409
    assert "product" in early.json()["detail"]
    went_live = registry.activate(change)
    bot = chatbot.bot(library.bot)
    assert "Be kind." in bot.prompt("refunds").render(question="?")[0]["content"]
    assert bot.seq == went_live["seq"]

    # An edit of a fragment is an edit of every prompt that includes it.
    library.write_tone("1.1.0", "Be brief.")
    edit = registry.submit("author", library.folder / f"{library.tone}.yaml")
    touched = {one["document"] for one in edit["effect"]}
    assert {library.tone, library.refunds, library.fares} <= touched
    registry.activate(edit)
    chatbot.refresh()
    edited = chatbot.bot(library.bot)
    assert "Be brief." in edited.prompt("fares").render(question="?")[0]["content"]
    assert "Be kind." in bot.prompt("fares").render(question="?")[0]["content"]

    # Back to what was live before, without a vote, forward to a higher seq.
    back = registry.does(
        "operator",
        f"{PRODUCTION}/rollbacks",
        document=f"bots/{library.bot}",
        all=False,
        to_seq=went_live["seq"],
        reason="Too brief",
        propose=False,
    )
    chatbot.refresh()
    restored = chatbot.bot(library.bot)
    assert restored.digest == bot.digest
    assert restored.seq == back["seq"] > edited.seq

    # Stopped at once; resumed only by agreement.
    registry.does("risk", f"{PRODUCTION}/stops", bot=library.bot, reason="It promises")
    chatbot.refresh()
    stopped = chatbot.bot(library.bot)
    assert (stopped.stopped, stopped.fallback) == (True, "Please call us.")
    assert not chatbot.continues(restored)
    with pytest.raises(placet.Stopped):
        stopped.prompt("refunds")
    resumption = registry.does(
        "author", f"{PRODUCTION}/resumptions", bot=library.bot, title="It is mended"
    )
    registry.activate(resumption)
    chatbot.refresh()
    assert chatbot.bot(library.bot).digest == bot.digest

    # What was live before is still known.
    then = f"{PRODUCTION}/bots/{library.bot}"
    by_seq = registry.get("viewer", then, seq=went_live["seq"])
    assert by_seq.headers["Placet-Digest"] == bot.digest
    by_moment = registry.get("viewer", then, at=_moment(registry, edited.seq))
    assert "Be brief." in by_moment.text
    verified = registry.post("operator", "/v1/ledger/verify")
    assert verified.status_code in {200, 201}, verified.text


def test_an_author_cannot_vote_in_any_seat(registry, library):
    people = registry.get("admin", "/v1/people").json()["items"]
    held = next(one for one in people if one["handle"] == "author")
    granted = httpx2.put(
        f"{registry.url}/v1/people/author",
        json={"roles": held["roles"], "seats": ["product"], "active": True},
        headers=registry._sessions["admin"],
    )
    assert granted.status_code == 200, granted.text
    confirmed = registry.post(
        "admin2",
        "/v1/people/author/confirmation",
        proposed=granted.json()["asked_for"]["number"],
    )
    assert confirmed.json()["seats"] == ["product"], confirmed.text
    change = registry.submit("author", *sorted(library.folder.rglob("*.yaml")))

    refused = registry.post(
        "author",
        f"/v1/changes/{change['id']}/votes",
        review_digest=change["review_digest"],
        verdict="approve",
        seat="product",
        reason="",
    )

    assert refused.status_code == 403
    assert "contributed" in refused.json()["detail"]


def _moment(registry: Registry, seq: int) -> str:
    history = registry.get("viewer", f"{PRODUCTION}/history").json()["items"]
    return next(one["at"] for one in history if one["seq"] == seq)
