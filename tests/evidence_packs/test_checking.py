"""`verify.py` in a pack: it finds whatever was altered, and names the file."""

import json
import runpy
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.names import digest_of
from registry.signed_notes import signing_key
from tests.evidence_packs.conftest import Pack, check

PERIOD = ("--from", "2026-05-04", "--to", "2026-07-01")
PROGRAM = runpy.run_path(
    str(resources.files("registry.cli") / "standalone" / "signed.py")
)
QUESTIONS = [
    ("2",),
    ("4",),
    ("7",),
    ("8",),
    ("--environment", "production", "--at", "2026-05-05T14:07Z"),
    PERIOD,
    (*PERIOD, "--environment", "production"),
    ("--from", "2026-01-01", "--to", "2026-02-01"),
]


def sealed(folder: Path) -> None:
    """Make the manifest right again, as somebody would who altered a file."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for name in manifest["files"]:
        manifest["files"][name] = digest_of((folder / name).read_bytes())
    text = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(text)


def edited(folder: Path, name: str, edit) -> None:
    """Alter a JSON file, and make the manifest right again."""
    value = json.loads((folder / name).read_bytes())
    edit(value)
    text = json.dumps(value, indent=1, sort_keys=True) + "\n"
    (folder / name).write_text(text)
    sealed(folder)


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_pack_holds(question: tuple[str, ...], packs: Pack):
    done = check(packs(*question))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Everything holds.\n")


def test_checking_leaves_the_folder_as_it_is(copied: Pack):
    folder = copied("2")
    before = sorted(folder.rglob("*"))

    check(folder)

    assert sorted(folder.rglob("*")) == before


@pytest.mark.slow
def test_whatever_byte_is_changed_its_file_is_named(copied: Pack):
    folder = copied("2")

    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        data = path.read_bytes()
        if name not in {"verify.py", "signed.py"}:  # they have to run
            for at in {0, len(data) // 2, len(data) - 1}:
                path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
                done = check(folder)
                assert done.returncode == 1, name
                assert name in done.stdout or name == "manifest.json", done.stdout
        path.write_bytes(data + b"\n")
        done = check(folder)
        assert done.returncode == 1
        assert name in done.stdout
        path.write_bytes(data)
    assert check(folder).returncode == 0


def test_a_file_that_is_missing_or_added_is_named(copied: Pack):
    folder = copied("2")
    page = (folder / "evidence.html").read_bytes()

    (folder / "evidence.html").unlink()
    assert "evidence.html is missing" in check(folder).stdout
    (folder / "evidence.html").write_bytes(page)
    (folder / "texts" / "more.yaml").write_text("kind: prompt\n")
    assert "texts/more.yaml does not belong here" in check(folder).stdout


def test_an_event_that_was_altered_is_found_even_if_the_manifest_fits(copied: Pack):
    folder = copied("2")
    events = folder / "events.jsonl"
    events.write_bytes(events.read_bytes().replace(b'"approve"', b'"retract"'))
    sealed(folder)

    done = check(folder)

    assert done.returncode == 1
    assert "events.jsonl: event 11 is not one that was signed" in done.stdout


def test_a_text_that_was_altered_is_found_even_if_the_manifest_fits(copied: Pack):
    folder = copied("2")
    text = next(iter((folder / "texts").iterdir()))
    text.write_bytes(text.read_bytes() + b"# mine\n")
    sealed(folder)

    assert f"texts/{text.name} has not the digest" in check(folder).stdout


@pytest.mark.parametrize(
    ("member", "other"), [("by", "legal"), ("seats", ["legal"]), ("at", "2026-01-01")]
)
def test_a_row_that_says_something_else_than_its_event_is_found(
    member: str, other, copied: Pack
):
    folder = copied("2")

    edited(
        folder,
        "evidence.json",
        lambda told: told["evidence"]["votes"][1]["act"].update({member: other}),
    )

    assert "what it says of event 11" in check(folder).stdout


def test_an_act_that_was_left_out_of_a_period_is_found(copied: Pack):
    folder = copied(*PERIOD)

    def leave_out(told) -> None:
        evidence = told["evidence"]
        emergencies = next(o for o in evidence["lists"] if o["name"] == "emergencies")
        emergencies["acts"] = []
        emergencies["count"] = 0

    edited(folder, "evidence.json", leave_out)

    assert "the count of emergencies" in check(folder).stdout


def test_an_event_that_was_left_out_of_a_period_is_found(copied: Pack):
    folder = copied(*PERIOD)

    def leave_out(told) -> None:
        evidence = told["evidence"]
        votes = next(one for one in evidence["lists"] if one["name"] == "votes")
        votes["acts"].pop()
        votes["count"] -= 1
        evidence["events"] -= 1

    edited(folder, "evidence.json", leave_out)

    assert "is not listed once" in check(folder).stdout


def test_a_key_that_was_told_has_to_be_the_one_that_signed(packs: Pack):
    folder = packs("2")
    key = (folder / "ledger.pub").read_text().strip()
    name, identity, _ = key.split("+", 2)

    assert check(folder, "--key", key).returncode == 0
    other = f"{name}+{identity}+AbR8YlMZ2+vzkIAtbBTtvOaj5orVq5C/H0R/oraAV590"
    assert check(folder, "--key", other).returncode == 1


def test_a_checkpoint_that_somebody_else_signed_is_found(copied: Pack):
    folder = copied("2")
    note = folder / "checkpoint"
    lines = note.read_text().splitlines(keepends=True)
    lines[1] = "50\n"
    note.write_text("".join(lines))
    sealed(folder)

    assert "checkpoint: the signature of" in check(folder).stdout


@pytest.mark.slow
@given(st.binary(max_size=80), st.binary(min_size=32, max_size=32), st.data())
def test_the_program_takes_the_signatures_that_are_right_and_no_others(
    message: bytes, seed: bytes, data
):
    key = signing_key("placet/tested", seed)
    signature = key.private.sign(message)
    at = data.draw(st.integers(0, 63))
    flipped = bytearray(signature)
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))

    ed25519 = PROGRAM["ed25519"]

    assert ed25519(key.verifier.public, message, signature)
    assert not ed25519(key.verifier.public, message, bytes(flipped))
    assert not ed25519(key.verifier.public, message + b"!", signature)
    assert not ed25519(key.verifier.public, message, signature[:-1])


def test_the_program_takes_no_signature_that_was_made_again_without_the_key():
    """A signature plus the order of the group would be a second one."""
    key = signing_key("placet/tested", bytes(32))
    signature = key.private.sign(b"text")
    other = int.from_bytes(signature[32:], "little") + PROGRAM["L"]

    again = signature[:32] + other.to_bytes(32, "little")

    assert not PROGRAM["ed25519"](key.verifier.public, b"text", again)


def test_a_review_digest_that_no_revision_comes_to_is_found(packs: Pack):
    """The program makes them as the registry does."""
    lines = (packs(*PERIOD) / "events.jsonl").read_bytes().splitlines()
    made = [json.loads(line) for line in lines]
    payloads = [e["payload"] for e in made if e["type"] in {"submitted", "revised"}]
    repository = made[0]["payload"]["repository"]

    for payload in payloads:
        revision = payload["revision"]
        digest = PROGRAM["review_digest"](repository, payload, revision)
        assert digest == revision["review_digest"]
        later = {**revision, "expires": "2030-01-01T00:00:00Z"}
        assert PROGRAM["review_digest"](repository, payload, later) != digest
    assert len(payloads) == 10
