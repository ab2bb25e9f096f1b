#!/usr/bin/env python3
"""Check an evidence pack: python3 verify.py [--key KEY]

It needs Python 3.9 or later and the programs beside it: no registry, no network, no
library.  It reads the folder that it lies in and changes nothing.  KEY is the line
that you were told, or a file with it.

 1. Every file of the folder has the SHA-256 that manifest.json says, and there is no
    other file.
 2. The checkpoint is signed with Ed25519 by the key in ledger.pub, or by KEY, which
    is called like the ledger.
 3. Every event in events.jsonl is one of those that were signed, at the place that
    its number says (RFC 9162 inclusion proofs in proofs.json), and events that
    stand side by side follow one another.
 4. Every review digest is what the revision comes to, and every vote names one.
 5. Every text has the digest that an event names.
 6. evidence.json comes out the same when it is made again from the events that are
    here; the events of a period are complete, and its counts are right.

What it does not check is said at the end: the pages, which nobody has signed, and what
the registry's rules conclude from all events.

Exit status 0: all of that holds. 1: one sentence says what does not, and in which
file. 2: KEY is not a key.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True  # it would leave a file here
from rows import CONCLUDED, Wrong  # type: ignore[import-not-found]  # noqa: E402
from signed import (  # type: ignore[import-not-found]  # noqa: E402
    ed25519,
    included,
    review_digest,
    sha256,
)
from told import check as check_told  # type: ignore[import-not-found]  # noqa: E402

HERE = Path(__file__).resolve().parent
MANIFEST = "manifest.json"
NEVER = "sha256:" + "0" * 64
ED25519 = 1


KEY_BYTES = 32
PAGES = ("evidence.html", "evidence.md")


def main() -> int:
    parser = argparse.ArgumentParser(description="Check an evidence pack.")
    parser.add_argument(
        "--key", help="the line you were told, NAME+ID+BASE64, or a file with it"
    )
    given = parser.parse_args().key
    try:
        keys = None if given is None else given_keys(given)
    except (Wrong, OSError, ValueError) as error:
        say(f"NOT A KEY: {error}. It is one line, NAME+ID+BASE64, or a file with it.")
        return 2
    try:
        digest = check_manifest()
        origin, size, root, signer = check_checkpoint(keys)
        events = check_events(size, root)
        check_review_digests(events, origin)
        check_texts()
        ledger = {"origin": origin, "events": size, "root": root.hex()}
        check_told(json.loads(read("evidence.json")), events, ledger)
    except Wrong as error:
        say(f"NOT AS IT SHOULD BE: {error}")
        return 1
    except (ValueError, KeyError, TypeError, IndexError, OSError) as error:
        say(f"NOT AS IT SHOULD BE: a file cannot be read: {error!r}")
        return 1
    say("Everything that can be checked here holds.")
    say(f"  events: {len(events)} of {size} that were signed by {signer}")
    say(f"  manifest.json {digest}")
    if keys is None:
        say("  The key is the one in the folder, which anybody can have put there:")
        say("  compare it with the one you were told, or give that: --key KEY")
    say("Not checked, because nobody has signed it:")
    say(f"  {' and '.join(PAGES)}, which should say the same as evidence.json")
    say("and, because it does not stand in the events but follows from them by rules:")
    for line in CONCLUDED:
        say(f"  {line}")
    say("To check these, make the folder again from a clone: VERIFY.md says how.")
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


def given_keys(text: str) -> list[Any]:
    """Those in *text*, or in the file that it names."""
    path = Path(text)
    if "+" not in text and not path.is_file():
        raise Wrong(f"there is no file {text}")
    lines = path.read_text("utf-8") if "+" not in text or path.is_file() else text
    return keys_in(lines)


def keys_in(text: str) -> list[Any]:
    """Name, id and public key of each line; others than Ed25519 are left out."""
    found = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        name, _, rest = line.strip().partition("+")
        told, _, encoded = rest.partition("+")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        made = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex()
        if len(key) != 1 + KEY_BYTES or made != told:
            raise Wrong(f"{line.strip()[:100]!r} is not a verifier key")
        if key[0] == ED25519:
            found.append((name, told, key[1:]))
    if not found:
        raise Wrong("there is no key in it")
    return found


def check_checkpoint(given: Any) -> Any:
    """Its origin, how many events were signed, their root, and by whom."""
    text, _, lines = read("checkpoint").decode().rpartition("\n\n")
    text += "\n"
    origin, size, root = text.split("\n")[:3]
    try:
        known = given or keys_in(read("ledger.pub").decode())
    except Wrong as error:
        raise Wrong(f"ledger.pub: {error}") from None
    for line in lines.splitlines():
        _, signer, signature = line.split(" ")
        data = base64.b64decode(signature)
        for name, named, key in known:
            if (signer, data[:4].hex(), origin) == (name, named, name):
                if not ed25519(key, text.encode(), data[4:]):
                    raise Wrong(f"checkpoint: the signature of {name} is not right")
                return origin, int(size), base64.b64decode(root), f"{name}+{named}"
    names = " or ".join(f"{name}+{named}" for name, named, _ in known)
    raise Wrong(f"checkpoint: it is of {origin}, and is not signed by {names} as that")


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


def check_review_digests(events: dict[int, Any], origin: str) -> None:
    repository = events[1]["payload"]["repository"]
    if origin != f"placet/{repository}":
        raise Wrong(f"events.jsonl: event 1 is of {repository}, and not of {origin}")
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


if __name__ == "__main__":
    sys.exit(main())
