"""What the console does about time and trying, with a real server and its client."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from placet.bundles import bundle_of
from registry.errors import Conflict, Unavailable
from registry.remote import Remote
from registry.remote.changes import Proposal
from tests.api import bound, texts
from tests.api.models import BOT, DOCUMENTS, KEY, completion, saying
from tests.cli.conftest import address_said
from tests.cli.worlds import PLACET, begin, is_not_served
from tests.outbox.receivers import Receiver, receiving

HERE = "development"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model() -> Iterator[Receiver]:
    with receiving() as model:
        model.answer = saying(completion("A cat."))
        yield model


@pytest.fixture(scope="module")
def remote(
    tmp_path_factory: pytest.TempPathFactory, model: Receiver
) -> Iterator[Remote]:
    """The author, signed in to a registry with two versions of a bot's prompt."""
    folder = tmp_path_factory.mktemp("trying")
    passwords = begin(folder / "registry")
    keys = folder / "models.yaml"
    keys.write_text(json.dumps({"openai": {"url": f"{model.url}/v1", "key": KEY}}))
    keys.chmod(0o600)
    server = subprocess.Popen(
        [
            *(PLACET, "serve", "--home", folder / "registry", "--port", "0"),
            *("--model-keys", keys),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        url = address_said(server.stderr)
        with Remote(url) as nobody:
            token = nobody.sessions.begin("author", passwords["author"]).token
        with Remote(url, token) as author:
            live(author, *DOCUMENTS)
            live(author, texts.prompt(version="1.1.0", text="Say less."))
            yield author
    finally:
        server.terminate()
        server.wait()
        server.stderr.close()


def submit(remote: Remote, *sources: str):
    proposal = Proposal(title="It", sources=sources, deleted=(), edited_from={})
    return remote.changes.submit(HERE, proposal)


def live(remote: Remote, *sources: str) -> None:
    change = submit(remote, *sources)
    remote.changes.activate(change.id, change.review_digest)


def test_a_timeline_comes_as_bands_and_marks(remote: Remote):
    told = remote.timelines.timeline(HERE, BOT)

    prompts = [one for one in told.bands if one.document == "prompts/acme/refunds"]
    assert [one.version for one in prompts] == ["1.0.0", "1.1.0"]
    assert prompts[0].ends == prompts[1].begins
    later = remote.timelines.timeline(HERE, BOT, since=prompts[1].begins)
    assert [one.kind for one in later.marks if one.seq] == ["activated"]


def test_two_moments_are_compared_by_seq_and_by_time(remote: Remote):
    begins = remote.environments.live(HERE, seq=1).at
    by_seq = list(remote.timelines.differences(HERE, 1, 2))

    by_time = list(remote.timelines.differences(HERE, begins))

    assert by_seq == by_time
    assert by_seq[0].after.reads == "[system]\nSay less.\n"


def test_what_was_and_what_would_be_opens_as_a_chatbot_opens_it(remote: Remote):
    change = submit(remote, texts.prompt(version="1.2.0", text="Say nothing."))
    was = remote.environments.served(HERE, f"bots/{BOT}", seq=1)
    would = remote.changes.served(change.id, f"bots/{BOT}")

    said = [
        bundle_of(body, bot=BOT, environment=HERE, seq=2).prompt("refunds").render()
        for body in (was, would)
    ]

    assert [one[0]["content"] for one in said] == [
        "Answer politely.\n",
        "Say nothing.\n",
    ]


def test_a_model_is_asked_with_two_versions(remote: Remote, model: Receiver):
    (askable,) = remote.answers.askable(HERE, BOT)

    before = remote.answers.ask(HERE, BOT, "refunds", {}, seq=1)
    after = remote.answers.ask(HERE, BOT, "refunds", {})

    assert askable.why_not is None
    assert (before.prompt_version, after.prompt_version) == ("1.0.0", "1.1.0")
    assert after.guarded.findings[0].guardrail == "acme/no-cats"
    assert model.received[-1].headers["authorization"] == f"Bearer {KEY}"


def test_a_model_that_fails_is_unavailable_and_one_without_a_key_a_conflict(
    remote: Remote, model: Receiver
):
    other = bound.binding(version="2.0.0", target={"endpoint_ref": "elsewhere"})
    change = submit(remote, other)
    usual, model.answer = model.answer, saying(b"no", status=500)

    with pytest.raises(Unavailable, match="500"):
        remote.answers.ask(HERE, BOT, "refunds", {})
    with pytest.raises(Conflict, match="elsewhere"):
        remote.answers.ask(HERE, BOT, "refunds", {}, change=change.id)

    model.answer = usual


@pytest.mark.parametrize(
    ("source", "mode", "wrong"),
    [
        ("openai: {url: 'https://a.test/v1', key: x}", 0o644, "everybody"),
        ("openai: {url: 'https://a.test/v1', key_from: NOT_SET}", 0o644, "NOT_SET"),
        ("openai: {url: 'http://a.test/v1', key: x}", 0o600, "TLS"),
        (None, 0o600, "cannot be read"),
    ],
)
def test_a_file_of_keys_that_cannot_be_is_refused(
    tmp_path: Path, source: str | None, mode: int, wrong: str
):
    keys = tmp_path / "models.yaml"
    if source is not None:
        keys.write_text(source)
        keys.chmod(mode)

    assert wrong in is_not_served(tmp_path / "registry", "--model-keys", keys)
