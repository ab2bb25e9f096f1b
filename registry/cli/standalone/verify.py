#!/usr/bin/env python3
"""Check an evidence pack: python3 verify.py [--key KEY]

It needs Python 3.9 or later and signed.py beside it: no registry, no network, no
library.  It reads the folder that it lies in and changes nothing.

 1. Every file of the folder has the SHA-256 that manifest.json says, and there is no
    other file.
 2. The checkpoint is signed with Ed25519 by the key in ledger.pub, or by KEY.
 3. Every event in events.jsonl is one of those that were signed, at the place that
    its number says (RFC 9162 inclusion proofs in proofs.json), and events that
    stand side by side follow one another.
 4. Every review digest is what the revision comes to, and every vote names one.
 5. Every text has the digest that an event names.
 6. Every row of evidence.json is of an event that is here, with its time, type and
    person; the events of a period are complete, and its counts are right.

Exit status 0: all of it holds. 1: one sentence says what does not, and in which file.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True  # it would leave a file here
from signed import (  # type: ignore[import-not-found]  # noqa: E402
    ed25519,
    included,
    review_digest,
    sha256,
)

HERE = Path(__file__).resolve().parent
MANIFEST = "manifest.json"
NEVER = "sha256:" + "0" * 64


class Wrong(Exception):
    """Something does not hold; the text names the file."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Check an evidence pack.")
    parser.add_argument("--key", help="the line you were told: NAME+ID+BASE64")
    key = parser.parse_args().key
    try:
        digest = check_manifest()
        size, root, signer = check_checkpoint(key)
        events = check_events(size, root)
        check_review_digests(events)
        check_texts()
        check_evidence(events, size)
    except Wrong as error:
        say(f"NOT AS IT SHOULD BE: {error}")
        return 1
    except (ValueError, KeyError, TypeError, IndexError, OSError) as error:
        say(f"NOT AS IT SHOULD BE: a file cannot be read: {error!r}")
        return 1
    say("Everything holds.")
    say(f"  {len(events)} events, of {size} that were signed by {signer}")
    say(f"  manifest.json {digest}")
    if key is None:
        say(
            "  The key is the one in the folder. Compare it with the one you were told,"
        )
        say("  or give that: python3 verify.py --key KEY")
    return 0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def read(name: str) -> bytes:
    path = HERE / name
    if path.is_symlink() or not path.is_file():
        raise Wrong(f"{name} is missing")
    return path.read_bytes()


# 1. The manifest


def check_manifest() -> str:
    data = read(MANIFEST)
    try:
        manifest = json.loads(data)
        said = manifest["files"]
        same = json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n" == data
    except (ValueError, KeyError, TypeError):
        same, said, manifest = False, {}, {}
    if not same or manifest.get("format") != "placet-evidence-1":
        raise Wrong(f"{MANIFEST} was changed: it is not written as a manifest is")
    for name, digest in said.items():
        if sha256(read(name)) != digest:
            raise Wrong(f"{name} was changed: it is not what {MANIFEST} says")
    for path in sorted(HERE.rglob("*")):
        name = path.relative_to(HERE).as_posix()
        inside = any(one.startswith(name + "/") for one in said)
        if name not in said and name != MANIFEST and not (path.is_dir() and inside):
            raise Wrong(f"{name} does not belong here: {MANIFEST} does not name it")
    return str(sha256(data))


# 2. The checkpoint: a signed note


def check_checkpoint(given: Any) -> Any:
    """How many events were signed, their root, and by whom."""
    text, _, lines = read("checkpoint").decode().rpartition("\n\n")
    text += "\n"
    known = [given] if given else read("ledger.pub").decode().split()
    for told in known:
        name, named, encoded = told.split("+", 2)
        key = base64.b64decode(encoded)
        if hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() != named:
            raise Wrong(f"ledger.pub: {told} is not a key")
        for line in lines.splitlines():
            _, signer, signature = line.split(" ")
            data = base64.b64decode(signature)
            if (signer, data[:4].hex(), key[0]) == (name, named, 1):
                if not ed25519(key[1:], text.encode(), data[4:]):
                    raise Wrong(f"checkpoint: the signature of {name} is not right")
                origin, size, root = text.split("\n")[:3]
                if origin != name:
                    raise Wrong(f"checkpoint: it is of {origin}, the key of {name}")
                return int(size), base64.b64decode(root), f"{name}+{named}"
    raise Wrong("checkpoint: it is not signed by the key")


# 3. The events


def check_events(size: int, root: bytes) -> dict[int, Any]:
    """Each event by its number, with the digest of its bytes as `digest`."""
    proofs = json.loads(read("proofs.json"))
    found: dict[int, Any] = {}
    for line in read("events.jsonl").split(b"\n")[:-1]:
        event = json.loads(line)
        number = event["number"]
        proof = [bytes.fromhex(node) for node in proofs.get(str(number), [])]
        if not included(line, number - 1, size, proof, root):
            raise Wrong(f"events.jsonl: event {number} is not one that was signed")
        found[number] = {**event, "digest": sha256(line)}
        before = found.get(number - 1, {"digest": NEVER if number == 1 else None})
        if before["digest"] not in (None, event["previous"]):
            raise Wrong(f"events.jsonl: event {number} does not follow the one before")
    return found


# 4. Review digests


def check_review_digests(events: dict[int, Any]) -> None:
    repository = events[1]["payload"]["repository"]
    known: dict[int, set[str]] = {}
    for number, event in sorted(events.items()):
        payload = event["payload"]
        revision = payload.get("revision")
        if event["type"] in ("submitted", "revised"):
            digest = review_digest(repository, payload, revision)
            if digest != revision["review_digest"]:
                raise Wrong(f"events.jsonl: the review digest of event {number}")
            known.setdefault(payload["change"], set()).add(digest)
        votes = event["type"] == "voted" and payload["change"] in known
        if votes and payload["review_digest"] not in known[payload["change"]]:
            raise Wrong(f"events.jsonl: event {number} votes for something else")


# 5. Texts


def check_texts() -> None:
    named = set(re.findall(r"sha256:[0-9a-f]{64}", read("events.jsonl").decode()))
    told = json.loads(read("evidence.json"))["texts"]
    there = {f"texts/{path.name}" for path in HERE.glob("texts/*")}
    for name in there - set(told.values()):
        raise Wrong(f"{name}: evidence.json does not name it")
    for digest, name in told.items():
        if sha256(read(name)) != digest:
            raise Wrong(f"{name} has not the digest that its name says")
        if digest not in named:
            raise Wrong(f"{name}: no event in the folder names it")


# 6. What is told of the events


def check_evidence(events: dict[int, Any], size: int) -> None:
    told = json.loads(read("evidence.json"))
    if told["events"] != sorted(events) or told["ledger"]["events"] != size:
        raise Wrong("evidence.json is not about these events")
    for row in rows(told["evidence"]):
        event = events.get(row["event"])
        if event is None or (
            row["event_digest"], row["at"], row["type"], row["by"], row["via"],
            row["seats"], row["roles"],
        ) != (
            event["digest"], event["at"], event["type"], event["actor"]["handle"],
            event["actor"]["via"], event["actor"]["seats"], event["actor"]["roles"],
        ):  # fmt: skip
            raise Wrong(f"evidence.json: what it says of event {row['event']}")
    if told["kind"] == "period":
        check_period(told["evidence"], events, size)


def rows(value: Any) -> Any:
    if isinstance(value, dict):
        if "event_digest" in value:
            yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from rows(inner)


def check_period(told: Any, events: dict[int, Any], size: int) -> None:
    first, last, place = told["first"], told["last"], told["environment"]
    inside = [n for n, e in events.items() if first <= n <= last]
    if sorted(inside) != list(range(first, last + 1)):
        raise Wrong("evidence.json: events of the period are missing")
    begin, end = moment(told["begin"]), moment(told["end"])
    for number in range(max(1, first - 1), min(size, last + 1) + 1):
        if (begin <= moment(events[number]["at"]) < end) != (first <= number <= last):
            raise Wrong(f"evidence.json: whether event {number} is in the period")
    of = {n: events[n]["payload"].get("environment") for n in inside}
    wanted = sorted(n for n in inside if place is None or of[n] in (None, place))
    listed = [a["event"] for o in told["lists"] if o["of"] is None for a in o["acts"]]
    if sorted(listed) != wanted or told["events"] != len(wanted):
        raise Wrong("evidence.json: an event of the period is not listed once")
    for one in told["lists"]:
        acts = [act["event"] for act in one["acts"]]
        if one["count"] != len(acts) or (
            one["of"] and acts != part(one, wanted, events)
        ):
            raise Wrong(f"evidence.json: the count of {one['name']}")


def part(one: Any, wanted: list[int], events: dict[int, Any]) -> list[int]:
    """The events of a list that is part of another, found again."""
    tests: Any = {
        "emergencies": lambda p: (p.get("ratification") or {}).get("incident"),
        "rollbacks": lambda p: p.get("restored") is not None,
        "vetoes": lambda p: p.get("verdict") == "veto",
        "rejections": lambda p: p.get("verdict") == "reject",
        "requests for changes": lambda p: p.get("verdict") == "ask-for-changes",
    }
    of = {"activations": "activated", "votes": "voted"}[one["of"]]
    test = tests[one["name"]]
    return [n for n in wanted if events[n]["type"] == of and test(events[n]["payload"])]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


if __name__ == "__main__":
    sys.exit(main())
