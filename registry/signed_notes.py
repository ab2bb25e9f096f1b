"""Signed notes: a text, and who signed it (C2SP signed-note).

 * A note is a text that ends in a newline, an empty line, and one line for each
   signature: an em dash, the key's name, and base64 of the key's id and signature.
 * It is UTF-8 without control characters.  The last empty line divides it.
 * A key is known by its name and its id together; the id is the beginning of
   SHA-256 over name, newline, type and public key.
 * Signatures of keys that the reader does not know are kept, and mean nothing.
   One of a key that the reader knows has to be right, or the note is refused.

A verifier key is one line, `NAME+ID+BASE64`, that may be told to everybody; a
signing key is one line that begins with `PRIVATE+KEY+`.  Both are written as Go's
`sumdb/note` writes them.  Keys are Ed25519, for texts (type 1) and for a witness's
cosignatures (type 4, which sign a time as well).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from registry.errors import Invalid

MAX_NOTE_BYTES = 64 * 1024
MAX_SIGNATURES = 100

ED25519 = 1
COSIGNATURE = 4
_KEY_BYTES = 32
_ID_BYTES = 4
_TIME_BYTES = 8
_SIGNATURE_BYTES = 64
_NAME = re.compile(r"[^\s+\x00-\x20\x7f]{1,200}\Z")
_ID = re.compile(r"[0-9a-f]{8}\Z")
_LINE = re.compile(r"\u2014 ([^ ]+) ([^ ]+)\Z")
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")
_PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a key made of the text; `id` is the key's, 8 hexadecimal digits."""

    name: str
    id: str
    data: bytes

    @property
    def key(self) -> str:
        """The key that it says it is of."""
        return f"{self.name}+{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedNote:
    """Attributes:
    text: With its last newline; it means nothing until a signature was verified.
    """

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """What tells whether somebody signed a note.

    Attributes:
        type: `ED25519` or `COSIGNATURE`.
        public: 32 bytes.
    """

    name: str
    type: int
    public: bytes

    @property
    def id(self) -> str:
        return key_id(self.name, bytes([self.type]) + self.public)

    @property
    def short(self) -> str:
        """As signatures name it."""
        return f"{self.name}+{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """What signs.  Its seed is not to be shown, and is not in its `repr`."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        public = self.private.public_key().public_bytes_raw()
        return VerifierKey(name=self.name, type=ED25519, public=public)


def key_id(name: str, key: bytes) -> str:
    """The id of *key*: its type, one byte, and the public key."""
    digest = hashlib.sha256(name.encode() + b"\n" + key).digest()
    return digest[:_ID_BYTES].hex()


def signing_key(name: str, seed: bytes) -> SigningKey:
    """Raises:
    Invalid: The name cannot be one of a key, or the seed has not 32 bytes.
    """
    if len(seed) != _KEY_BYTES:
        raise Invalid("the seed of a signing key has 32 bytes")
    return SigningKey(
        name=_check_name(name), private=Ed25519PrivateKey.from_private_bytes(seed)
    )


def dump_verifier(key: VerifierKey) -> str:
    return f"{key.name}+{key.id}+{_encode(bytes([key.type]) + key.public)}"


def parse_verifier(text: str) -> VerifierKey:
    """Raises:
    Invalid: It is not a verifier key, or its id is another key's.
    """
    name, _, rest = text.strip().partition("+")
    told, _, encoded = rest.partition("+")
    key = _decode(encoded) or b"\0"
    known = key[0] in (ED25519, COSIGNATURE) and len(key) == 1 + _KEY_BYTES
    if not _NAME.match(name) or not known or key_id(name, key) != told:
        raise Invalid(
            f"{text.strip()[:60]!r} is not a verifier key",
            hint="It is one line, NAME+ID+BASE64, and stands in ledger.pub in the "
            "registry's folder (`placet init` prints it).",
        )
    return VerifierKey(name=name, type=key[0], public=key[1:])


def dump_signing(key: SigningKey) -> str:
    seed = bytes([ED25519]) + key.private.private_bytes_raw()
    return f"{_PRIVATE}{key.verifier.short}+{_encode(seed)}"


def parse_signing(text: str) -> SigningKey:
    """Raises:
    Invalid: It is not a signing key; the message does not tell what it is.
    """
    hint = "It is one line, PRIVATE+KEY+NAME+ID+BASE64; restore it from a backup."
    wrong = Invalid("this is not a signing key", hint=hint)
    if not text.startswith(_PRIVATE):
        raise wrong
    name, _, rest = text.strip().removeprefix(_PRIVATE).partition("+")
    told, _, encoded = rest.partition("+")
    seed = _decode(encoded) or b"\0"
    if not _NAME.match(name) or seed[0] != ED25519 or len(seed) != 1 + _KEY_BYTES:
        raise wrong
    key = signing_key(name, seed[1:])
    if key.verifier.id != told:
        raise wrong
    return key


def sign(text: str, key: SigningKey) -> SignedNote:
    """Raises:
    Invalid: The text cannot be one of a note.
    """
    _check_text(text)
    verifier = key.verifier
    signature = Signature(
        name=key.name, id=verifier.id, data=key.private.sign(text.encode())
    )
    return SignedNote(text=text, signatures=(signature,))


def cosigned(note: SignedNote, signature: Signature) -> SignedNote:
    """*note* with one more signature, unless it has it."""
    if signature in note.signatures:
        return note
    return replace(note, signatures=(*note.signatures, signature))


def dump(note: SignedNote) -> bytes:
    lines = "".join(
        f"\u2014 {one.name} {_encode(bytes.fromhex(one.id) + one.data)}\n"
        for one in note.signatures
    )
    return f"{note.text}\n{lines}".encode()


def parse(data: bytes) -> SignedNote:
    """Read a note, without looking at whether a signature is right.

    Raises:
        Invalid: It is not a note.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise _no_note("it is too large")
    if _CONTROL.search(data):
        raise _no_note("it has control characters")
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise _no_note("it is not UTF-8") from None
    text, gap, signed = whole.rpartition("\n\n")
    if not gap or not signed.endswith("\n"):
        raise _no_note("it has no line with a signature at its end")
    lines = signed[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise _no_note("it has too many signatures")
    signatures = tuple(map(_signature, lines))
    _check_text(text + "\n")
    return SignedNote(text=text + "\n", signatures=signatures)


def verified_by(note: SignedNote, keys: Sequence[VerifierKey]) -> list[VerifierKey]:
    """Those of *keys* that signed the note.

    Raises:
        Invalid: A signature says that it is of one of them, and is not.
    """
    known = {key.short: key for key in keys}
    found: dict[str, VerifierKey] = {}
    for signature in note.signatures:
        key = known.get(signature.key)
        if key is None or signature.key in found:
            continue
        if not _is_right(note.text, signature, key):
            raise Invalid(
                f"the signature of {signature.key[:260]} is not right",
                hint="Either the text or the signature was altered.",
            )
        found[signature.key] = key
    return list(found.values())


def _is_right(text: str, signature: Signature, key: VerifierKey) -> bool:
    message, data = text.encode(), signature.data
    if key.type == COSIGNATURE:
        at = int.from_bytes(data[:_TIME_BYTES], "big")
        message = b"cosignature/v1\ntime %d\n" % at + message
        data = data[_TIME_BYTES:]
    if len(data) != _SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(data, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signature(line: str) -> Signature:
    found = _LINE.match(line)
    data = _decode(found[2]) if found else None
    if found is None or not _NAME.match(found[1]) or not data or len(data) <= _ID_BYTES:
        raise _no_note("a line below its last empty line is not a signature")
    return Signature(name=found[1], id=data[:_ID_BYTES].hex(), data=data[_ID_BYTES:])


def _check_text(text: str) -> None:
    if not text.endswith("\n") or not text.strip("\n"):
        raise _no_note("its text is empty, or does not end in a newline")


def _check_name(name: str) -> str:
    if not _NAME.match(name):
        raise Invalid(
            f"{name[:60]!r} cannot be the name of a key",
            hint="Up to 200 characters, without spaces and without `+`.",
        )
    return name


def _no_note(why: str) -> Invalid:
    return Invalid(
        f"this is not a signed note: {why}",
        hint="Give the whole text, as `GET /v1/ledger/checkpoint` answers it.",
    )


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes | None:
    """What *text* is base64 of; None for what nobody would have written."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _encode(data) == text else None
