"""Signatures: which keys a chatbot was given, and whether one of them signed a head.

A key is one line, `NAME+ID+BASE64`, as `placet keys show` prints it: 33 bytes, a one
and the Ed25519 public key; the id is the beginning of SHA-256 over name, newline and
these bytes. What is signed is a line that says what it is, and the canonical JSON of
the head without its `signatures`.

It needs the extra `placet[verify]`, of which nothing is imported before a key is given.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from placet import canonical, shapes
from placet.errors import BadAnswer, Misconfigured
from placet.shapes import Object

if TYPE_CHECKING:  # it needs an extra
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BOT_DOMAIN = b"placet-head-v1\n"
SIGNATURES = "signatures"

_ED25519 = b"\x01"
_KEY_BYTES = 33
_SHOW = "Give the lines that `placet keys show` prints, in a list."
_KEYS = (
    "If the registry's key was replaced, give the client the new line of "
    "`placet keys show`; if not, somebody else answers."
)

Keys = Mapping[str, "Ed25519PublicKey"]


def open_keys(lines: Sequence[str]) -> Keys:
    """The keys by `NAME+ID`.

    Raises:
        Misconfigured: One of them is no key, there is none, or the extra is missing.
    """
    if isinstance(lines, str) or not lines:
        raise Misconfigured("`verify_keys` has no key", hint=_SHOW)
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise Misconfigured(
            "`verify_keys` needs an extra",
            hint='Install it: pip install "placet[verify]".',
        ) from None
    keys = {}
    for line in lines:
        short, public = _parsed(line)
        keys[short] = Ed25519PublicKey.from_public_bytes(public)
    return keys


def check_signed(head: Object, keys: Keys, *, what: str) -> None:
    """Raises:
    BadAnswer: None of *keys* has signed *head*, or one that says so has not.
    """
    told = {name: value for name, value in head.items() if name != SIGNATURES}
    message = BOT_DOMAIN + canonical.dump(told, what=what)
    if SIGNATURES not in head:
        raise BadAnswer(
            f"{what} is not signed",
            hint="Upgrade the registry, or see what stands before it.",
        )
    by_known = 0
    for entry in shapes.sequence(head, SIGNATURES):
        if not isinstance(entry, dict):
            raise BadAnswer(f"a signature of {what} is not an object")
        key = keys.get(shapes.text(entry, "key"))
        if key is not None:
            _check(key, _decoded(shapes.text(entry, "signature")), message, what)
            by_known += 1
    if not by_known:
        raise BadAnswer(
            f"{what} is signed by no key that this client knows", hint=_KEYS
        )


def _check(key: "Ed25519PublicKey", signature: bytes, signed: bytes, what: str) -> None:
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, signed)
    except InvalidSignature:
        raise BadAnswer(
            f"the signature of {what} is not right",
            hint="It was altered on its way, or somebody else answers.",
        ) from None


def _parsed(line: object) -> tuple[str, bytes]:
    """Its short form, and the public key."""
    wrong = Misconfigured("one of `verify_keys` is no key", hint=_SHOW)
    if not isinstance(line, str) or line.startswith("PRIVATE+KEY+"):
        raise wrong
    name, _, rest = line.strip().partition("+")
    told, _, encoded = rest.partition("+")
    key = _decoded(encoded)
    known = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex()
    if not name or len(key) != _KEY_BYTES or key[:1] != _ED25519 or told != known:
        raise wrong
    return f"{name}+{told}", key[1:]


def _decoded(text: str) -> bytes:
    """Empty for what is not base64: no key and no signature is."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
