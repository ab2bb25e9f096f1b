"""`verify.py` in a pack: it finds whatever was altered, and names the file."""

import copy
import json
import re
import runpy
import sys
from collections.abc import Iterator
from importlib import import_module, resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.names import digest_of
from registry.signed_notes import dump, dump_verifier, sign, signing_key
from tests.evidence_packs.conftest import Pack, check

PERIOD = ("--from", "2026-05-04", "--to", "2026-07-01")
STANDALONE = resources.files("registry.writer") / "standalone"
PROGRAM = runpy.run_path(str(STANDALONE / "signed.py"))
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
    assert done.stdout.startswith("Everything that can be checked here holds.\n")


def test_what_is_not_checked_is_said(packs: Pack):
    said = check(packs("2")).stdout

    for what in ("evidence.html and evidence.md", "which votes", "last seen"):
        assert what in said.partition("Not checked")[2]
    assert said.endswith("make the folder again from a clone: VERIFY.md says how.\n")


def test_checking_leaves_the_folder_as_it_is(copied: Pack):
    folder = copied("2")
    before = sorted(folder.rglob("*"))

    check(folder)

    assert sorted(folder.rglob("*")) == before


@pytest.mark.slow
def test_whatever_byte_is_changed_its_file_is_named(copied: Pack):
    folder = copied("2")

    programs = {path.name for path in folder.glob("*.py")}

    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        data = path.read_bytes()
        if name not in programs:  # they have to run
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


def test_an_event_that_was_forged_with_all_that_rests_on_it_is_found(copied: Pack):
    """The chain fits again, and so do evidence.json and the manifest."""
    folder = copied("2")
    digests: dict[int, str] = {}
    forged = []
    for line in (folder / "events.jsonl").read_bytes().splitlines():
        event = json.loads(line)
        if event["number"] - 1 in digests:
            event["previous"] = digests[event["number"] - 1]
        if event["number"] == 11:
            event["actor"]["handle"] = "chairman"
        words = {"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False}
        forged.append(json.dumps(event, **words).encode())
        digests[event["number"]] = digest_of(forged[-1])
    (folder / "events.jsonl").write_bytes(b"\n".join([*forged, b""]))

    def fit(value: Any) -> None:
        for part in value.values() if isinstance(value, dict) else value:
            if isinstance(part, dict | list):
                fit(part)
        if isinstance(value, dict) and "event_digest" in value:
            value["event_digest"] = digests[value["event"]]
            value["by"] = "chairman" if value["event"] == 11 else value["by"]

    edited(folder, "evidence.json", fit)
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

    said = check(folder).stdout
    assert f"votes.1.act.{member}" in said
    assert "is not what event 11 says" in said


@pytest.mark.parametrize(
    ("member", "other"), [("verdict", "veto"), ("seat", "board"), ("revision", 1)]
)
def test_a_vote_that_is_told_otherwise_than_it_was_cast_is_found(
    member: str, other, copied: Pack
):
    folder = copied("2")

    edited(
        folder,
        "evidence.json",
        lambda told: told["evidence"]["votes"][1].update({member: other}),
    )

    done = check(folder)
    assert done.returncode == 1
    assert f"votes.1.{member} is not what event 11 says" in done.stdout


CONCLUDED = re.compile(
    r"evidence\.(ratifications\.#\.|ratification\.)?status"
    r"|.*\.counts"
    r"|.*\.(asked|agreed)(\.#)?(\.(by|count|documents|met|requirement|seat)(\.#)?)?"
    r"|.*\.(agreed_in|last_seen_before)"
    r"|evidence\.fate\.#(\.part|\.told)?"
    r"|evidence\.(policies|holders|documents|bots|stops)\.#"
    r"|evidence\.ratifications\.#"
)
"""What the program says that it does not check: places of evidence.json."""


@pytest.fixture(scope="module")
def programs() -> Iterator[dict[str, Any]]:
    """The pack's own programs, to be called many times."""
    names = ("rows", "moments", "told", "signed")
    sys.path.insert(0, str(STANDALONE))
    try:
        yield {name: import_module(name) for name in names}
    finally:
        sys.path.remove(str(STANDALONE))
        for name in names:
            sys.modules.pop(name, None)


def forgeries(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every place of JSON once for each kind of place, with a way to falsify it."""
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        place = f"{where}.{'#' if isinstance(value, list) else key}".lstrip(".")
        if isinstance(part, dict | list):
            yield from forgeries(part, place)
        else:
            yield place, (value, key, other(part))
        yield place, (value, key, None) if part is None else (value, key, ...)
    if isinstance(value, dict):
        yield f"{where}.+".lstrip("."), (value, "forged", "Everybody agreed.")


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value or ''}!"


@pytest.mark.parametrize("question", QUESTIONS[:-1], ids=" ".join)
def test_nothing_in_evidence_json_can_be_forged_but_what_is_said_not_to_be_checked(
    question: tuple[str, ...], packs: Pack, programs: dict[str, Any]
):
    folder = packs(*question)
    told = json.loads((folder / "evidence.json").read_bytes())
    lines = (folder / "events.jsonl").read_bytes().splitlines()
    events = {
        event["number"]: {**event, "digest": digest_of(line)}
        for line in lines
        for event in [json.loads(line)]
    }
    check_told, ledger = programs["told"].check, told["ledger"].copy()
    check_told(told, events, ledger)
    missed, tried = set(), set()

    forged = copy.deepcopy(told)
    for place, (holder, key, wrong) in list(forgeries(forged)):
        if (place, wrong is ...) in tried:
            continue
        tried.add((place, wrong is ...))
        before = holder.copy()
        if wrong is ...:
            del holder[key]
        else:
            holder[key] = wrong
        try:
            check_told(forged, events, ledger)
        except (programs["rows"].Wrong, KeyError, TypeError, IndexError, ValueError):
            pass
        else:
            if holder != before and not CONCLUDED.fullmatch(place):
                missed.add(place)
        holder.clear()
        holder.update(before) if isinstance(holder, dict) else holder.extend(before)

    assert forged == told
    assert missed == set()
    assert len(tried) > 100


def test_an_act_that_was_left_out_of_a_period_is_found(copied: Pack):
    folder = copied(*PERIOD)

    def leave_out(told) -> None:
        evidence = told["evidence"]
        emergencies = next(o for o in evidence["lists"] if o["name"] == "emergencies")
        emergencies["acts"] = []
        emergencies["count"] = 0

    edited(folder, "evidence.json", leave_out)

    assert "evidence.lists.1.acts is not what the events say" in check(folder).stdout


def test_an_event_that_was_left_out_of_a_period_is_found(copied: Pack):
    folder = copied(*PERIOD)

    def leave_out(told) -> None:
        evidence = told["evidence"]
        votes = next(one for one in evidence["lists"] if one["name"] == "votes")
        votes["acts"].pop()
        votes["count"] -= 1
        evidence["events"] -= 1

    edited(folder, "evidence.json", leave_out)

    assert "evidence.events is not what the events say" in check(folder).stdout


def test_a_key_that_was_told_has_to_be_the_one_that_signed(packs: Pack):
    folder = packs("2")
    key = (folder / "ledger.pub").read_text().strip()
    name, identity, _ = key.split("+", 2)

    assert check(folder, "--key", key).returncode == 0
    other = f"{name}+{identity}+AbR8YlMZ2+vzkIAtbBTtvOaj5orVq5C/H0R/oraAV590"
    assert check(folder, "--key", other).returncode == 2


def test_a_key_may_be_given_as_a_file(packs: Pack, tmp_path: Path):
    folder = packs("2")
    file = tmp_path / "told.pub"
    file.write_bytes((folder / "ledger.pub").read_bytes())

    assert check(folder, "--key", str(file)).returncode == 0


@pytest.mark.parametrize(
    "key",
    ["", "nowhere.pub", "a+b", "placet/x+00000000+!!!!", "placet/x", "/", "+" * 400],
)
def test_what_is_no_key_is_told_in_a_sentence_with_the_status_2(packs: Pack, key: str):
    done = check(packs("2"), "--key", key)

    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.startswith("NOT A KEY: ")
    assert len(done.stdout.splitlines()) == 1


def test_a_file_of_keys_with_a_bad_line_is_told_in_a_sentence(
    packs: Pack, tmp_path: Path
):
    folder = packs("2")
    file = tmp_path / "told.pub"
    file.write_bytes((folder / "ledger.pub").read_bytes() + b"no key\n\xff\n")

    done = check(folder, "--key", str(file))

    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.startswith("NOT A KEY: ")


def test_only_the_key_that_is_called_like_the_ledger_is_taken(copied: Pack):
    """Whoever made another checkpoint, with a key of their own, is not the ledger."""
    folder = copied("2")
    text = (folder / "checkpoint").read_text().partition("\n\n")[0] + "\n"
    witness = signing_key("witness.example", bytes(32))
    (folder / "checkpoint").write_bytes(dump(sign(text, witness)))
    (folder / "ledger.pub").write_text(dump_verifier(witness.verifier) + "\n")
    sealed(folder)

    said = check(folder, "--key", dump_verifier(witness.verifier))

    assert said.returncode == 1
    assert "checkpoint: it is of placet/tested, and is not signed by" in said.stdout


def test_a_checkpoint_that_somebody_else_signed_is_found(copied: Pack):
    folder = copied("2")
    note = folder / "checkpoint"
    lines = note.read_text().splitlines(keepends=True)
    lines[1] = "50\n"
    note.write_text("".join(lines))
    sealed(folder)

    assert "checkpoint: the signature of" in check(folder).stdout


@pytest.mark.slow
@settings(deadline=None)
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
