"""What a chatbot's request asks for: path, query and headers, read strictly.

What it would prefer (RFC 7240) is no demand: what cannot be read is not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import parse_qsl

from registry.errors import Invalid, NotSignedIn
from registry.names import Kind, Ref

MAX_DIGITS = 9

MAX_PATH_CHARS = 400
"""More than the longest name needs; what is longer is never kept."""

MAX_PATHS = 8192
"""Paths that are kept parsed; chatbots ask for the same few again and again."""

EVENTS = "events"
BUNDLES = "bundles"

MAX_WAIT_S = 60
"""How long `Prefer: wait=` waits at most."""
ENVIRONMENT = "environment"
"""What stands for a kind where the environment's own head is asked for."""

_HEAD = "/head"
_BUNDLES = "/v1/bundles/"
_ENVIRONMENTS = "/v1/environments/"
_KINDS = {kind.plural for kind in Kind}
_PARTS = 6
_PARAMETERS = {"at", "seq", "version", "min_seq", "format"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for.

    Attributes:
        kinds: A kind's plural, `bundles` for a digest, `events`, or `ENVIRONMENT`.
        name: The document's name, or the digest; empty for events and an environment.
        ref: Kind and name; empty for what is no document.
        head: Whether it is the head of the bot, or the environment.
    """

    environment: str
    kinds: str
    name: str
    ref: Ref
    head: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a request says after the question mark."""

    at: datetime | None
    seq: int | None
    version: str | None
    min_seq: int | None
    format: str | None


def parse_path(path: str) -> Asked | None:
    """What *path* asks for; `None` for a path that is none of a chatbot's reads.

    Names in it are not checked yet: most are simply found.
    """
    return _parsed(path) if len(path) <= MAX_PATH_CHARS else None


@lru_cache(maxsize=MAX_PATHS)
def _parsed(path: str) -> Asked | None:
    if path.startswith(_BUNDLES):
        digest = path.removeprefix(_BUNDLES)
        return Asked(
            environment="", kinds=BUNDLES, name=digest, ref=Ref(""), head=False
        )
    parts = path.split("/", 5)
    if not path.startswith(_ENVIRONMENTS):
        return None
    if parts[4:] == [EVENTS]:
        return Asked(
            environment=parts[3], kinds=EVENTS, name="", ref=Ref(""), head=False
        )
    if parts[4:] == ["head"]:
        return Asked(
            environment=parts[3], kinds=ENVIRONMENT, name="", ref=Ref(""), head=True
        )
    if len(parts) != _PARTS:
        return None
    environment, kinds, name = parts[3:]
    if kinds not in _KINDS:
        return None
    head = kinds == "bots" and name.endswith(_HEAD)
    name = name.removesuffix(_HEAD) if head else name
    return Asked(
        environment=environment,
        kinds=kinds,
        name=name,
        ref=Ref(f"{kinds}/{name}"),
        head=head,
    )


def parse_query(query: bytes) -> Query:
    """Raises:
    Invalid: Something in it is unknown, given twice, or cannot be read.
    """
    try:
        pairs = parse_qsl(query.decode("ascii"), strict_parsing=True, max_num_fields=8)
    except ValueError:
        raise _bad_query("the query cannot be read") from None
    given = dict(pairs)
    if len(given) != len(pairs) or not given.keys() <= _PARAMETERS:
        raise _bad_query("the query has something unknown in it, or something twice")
    if "at" in given and "seq" in given:
        raise _bad_query("a moment and a seq are two ways to say one thing")
    return Query(
        at=parse_moment(given["at"]) if "at" in given else None,
        seq=_number(given["seq"]) if "seq" in given else None,
        version=given.get("version"),
        min_seq=_number(given["min_seq"]) if "min_seq" in given else None,
        format=given.get("format"),
    )


def conditions(
    headers: Iterable[tuple[bytes, bytes]],
) -> tuple[bytes | None, bytes | None]:
    """`Authorization` and `If-None-Match` of a request."""
    authorization = matches = None
    for name, value in headers:
        if name == b"authorization":
            authorization = value
        elif name == b"if-none-match":
            matches = value
    return authorization, matches


def bearer(authorization: bytes | None) -> str:
    """The token in `Authorization`.

    Raises:
        NotSignedIn: There is none.
    """
    if authorization is None or authorization[:7].lower() != b"bearer ":
        raise NotSignedIn("this needs a token")
    return authorization[7:].decode("ascii", "replace")


def is_among(etag: bytes, matches: bytes) -> bool:
    """Whether *etag* is among those of an `If-None-Match` (RFC 9110)."""
    if matches == etag:
        return True
    tags = (tag.strip() for tag in matches.split(b","))
    return any(tag in {b"*", etag, b"W/" + etag} for tag in tags)


def preferred_wait_s(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """For how many seconds a request's `Prefer` would have it wait; else 0."""
    for name, value in headers:
        if name != b"prefer":
            continue
        for preference in value.split(b","):
            token, _, word = preference.partition(b";")[0].partition(b"=")
            if token.strip().lower() == b"wait":
                digits = word.strip().strip(b'"')
                is_number = digits.isdigit() and len(digits) <= MAX_DIGITS
                return min(int(digits), MAX_WAIT_S) if is_number else 0
    return 0


def parse_moment(text: str) -> datetime:
    """Raises:
    Invalid: It is no time, or none with a time zone.
    """
    try:
        at = datetime.fromisoformat(text)
        moment = at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _bad_query(f"{text[:40]!r} is not a time") from None
    if at.tzinfo is None:
        raise _bad_query(f"{text[:40]!r} does not say its time zone")
    return moment


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS):
        raise _bad_query(f"{text[:40]!r} is not a sequence number")
    return int(text)


def _bad_query(message: str) -> Invalid:
    return Invalid(
        message,
        hint="Use ?at=2026-05-03T14:07:00Z or ?seq=1041, ?version=^2.1, ?min_seq=1041.",
    )


def check_present(wanted: Query) -> None:
    """Raises:
    Invalid: It asks for more than what is live now.
    """
    if any((wanted.at, wanted.seq, wanted.version, wanted.format)):
        raise Invalid(
            "an environment's own head says what is live now, and nothing else",
            hint="Ask without a query, or with ?min_seq=1041.",
        )
