"""A folder in place of a server."""

import hashlib
import json

import pytest

import placet

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"


def composed(text):
    return {
        "kind": "prompt",
        "name": PROMPT,
        "version": "1.0.0",
        "template": "simple",
        "inputs": {"type": "object", "properties": {}},
        "messages": [{"role": "system", "content": text}],
    }


def bundled(text):
    prompt = composed(text)
    digest = digest_of(json.dumps(prompt).encode())
    return {
        "kind": "bundle",
        "bot": {
            "name": BOT,
            "version": "1.0.0",
            "disclosure": "A machine.",
            "fallback": "Call.",
        },
        "stopped": None,
        "prompts": {"refunds": {"digest": digest, "document": prompt}},
        "guardrails": {},
        "bindings": {},
    }


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def write(folder, text):
    """Write what `placet bundle` writes of one bot with one prompt."""
    index = {"format": 1, "bots": {}, "prompts": {}}
    for kind, name, document in [
        ("bots", BOT, bundled(text)),
        ("prompts", PROMPT, composed(text)),
    ]:
        body = json.dumps(document).encode()
        path = folder / kind / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        index[kind][name] = digest_of(body)
    (folder / "index.json").write_text(json.dumps(index))


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "first: {{ question }}")
    return tmp_path


@pytest.fixture
def reader(folder):
    with placet.Client(f"dir:{folder}", refresh="manual") as client:
        yield client


def test_bots_and_prompts_are_read_from_a_folder(reader, said):
    assert said(reader.bot(BOT)) == "first: ?"
    assert reader.prompt(PROMPT).render(question="?")[0]["content"] == "first: ?"
    assert reader.bot(BOT).log_fields()["placet_environment"] == "local"


def test_a_folder_that_is_written_again_is_news(folder, reader, said):
    first = reader.bot(BOT)

    write(folder, "second: {{ question }}")
    health = reader.refresh()

    assert health.ok
    assert said(reader.bot(BOT)) == "second: ?"
    assert reader.bot(BOT).seq > first.seq
    assert reader.continues(first)


@pytest.mark.parametrize("kind", ["bots", "prompts"])
def test_a_file_with_another_digest_is_not_served(folder, reader, kind):
    for file in (folder / kind).rglob("*.json"):
        file.write_bytes(file.read_bytes().replace(b"first", b"worse"))

    with pytest.raises(placet.BadAnswer, match="index"):
        reader.bot(BOT) if kind == "bots" else reader.prompt(PROMPT)


def test_a_damaged_folder_leaves_the_last_good_copy(folder, reader, said):
    reader.bot(BOT)

    (folder / "index.json").write_text("{")
    health = reader.refresh()

    assert not health.ok
    assert said(reader.bot(BOT)) == "first: ?"


def test_what_the_folder_lacks_is_an_error_that_names_the_command(reader):
    with pytest.raises(placet.Refused, match="placet bundle"):
        reader.bot("acme-air/absent")


def test_a_folder_that_is_not_there_is_an_error_that_names_the_command(tmp_path):
    with (
        placet.Client(f"dir:{tmp_path / 'absent'}") as client,
        pytest.raises(placet.NoAnswer, match="placet bundle"),
    ):
        client.bot(BOT)


def test_a_folder_of_another_format_is_refused(folder, reader):
    index = json.loads((folder / "index.json").read_text())
    (folder / "index.json").write_text(json.dumps({**index, "format": 2}))

    with pytest.raises(placet.BadAnswer, match="format"):
        reader.bot(BOT)


def test_a_name_leads_nowhere_out_of_the_folder(reader):
    with pytest.raises(placet.Misconfigured):
        reader.prompt("../../secret")
