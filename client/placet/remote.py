"""A registry over HTTP: what it says, and what of that is believed.

A bot is read in these steps; each that fails leaves the last good copy alone:

 1. Ask for the head, which is small. 304: nothing changed.
 2. 410 with a seq: deleted. Any other status but 200 says nothing about the bot.
 3. The head is of this repository, this environment and this bot. The
    repository that the first good answer came from is this one.
 4. Its epoch and seq are not lower than what was seen (`placet.copies`).
 5. Ask for the bundle by its digest, unless that is the one which is held.
 6. The bytes have that digest.

A prompt has no head; its answer's headers stand for it, and name its digest.

With keys a head has to be signed before anything else of it is looked at, also the
one that comes with a 410, and must not have expired (`placet.verification`). Then 304
says nothing either, once the head that is held has expired.
"""

import re
from dataclasses import replace

from placet import shapes
from placet.copies import (
    BOTS,
    Copy,
    Reading,
    check_head,
    check_order,
    with_floor,
)
from placet.errors import BadAnswer, Refused
from placet.fetch import MAX_BODY_BYTES, MAX_HEAD_BYTES, Answer, Fetcher
from placet.names import digest_of, is_digest
from placet.shapes import Object
from placet.verification import Signed, Verifier, check_bundle

PROBLEM = "application/problem+json"

_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"\Z')
_DIGITS = re.compile(r"[0-9]{1,18}\Z")
_HINTS = {
    401: "The token is unknown, expired or revoked: give the client a new one.",
    403: "The token may not read this: ask for one that may.",
    404: "Check the name and the environment, and that the token may read it.",
    409: "Ask the registry's operator what it says.",
    429: "The registry was asked too often: raise `poll_s`.",
}
_REDIRECTED = "Redirects are not followed: give the client the final address."
_BROKEN = "Ask the registry's operator; this passes when it answers again."


class Registry:
    """One environment of one registry; threads may share it.

    Args:
        verifier: None believes without signatures.
        repository: Its id; empty for that of the first good answer.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        environment: str,
        verifier: Verifier | None = None,
        repository: str = "",
    ) -> None:
        self._fetcher = fetcher
        self._environment = environment
        self._verifier = verifier
        self._repository = repository

    def read(self, ref: str, held: Copy | None) -> Reading:
        """Ask what is live, knowing *held*.

        Raises:
            NoAnswer: Nothing came, or not to its end.
            Refused: The registry answered with an error.
            BadAnswer: What came must not be believed.
        """
        is_bot = ref.startswith(BOTS)
        answer = self._fetcher.get(
            f"/v1/environments/{self._environment}/{ref}" + ("/head" if is_bot else ""),
            etag=held.etag if held else "",
            max_bytes=MAX_HEAD_BYTES if is_bot else MAX_BODY_BYTES,
        )
        confirmed = "placet-stale" not in answer.headers
        if answer.status == 304 and held is not None and held.etag:
            self._check_time(held)
            return Reading(copy=held, confirmed=confirmed, at=_at(answer))
        if answer.headers.get("placet-environment") not in {None, self._environment}:
            raise BadAnswer(f"the answer for {ref} is of another environment")
        if answer.status == 410:
            copy = self._tombstone(ref, held, answer)
        elif answer.status != 200:
            raise _refused(ref, answer.status)
        elif is_bot:
            copy = self._bot(ref, held, answer)
        else:
            copy = _prompt(ref, held, answer)
        return Reading(copy=copy, confirmed=confirmed, at=_at(answer))

    def close(self) -> None:
        self._fetcher.close()

    forget_connections = close  # closing shuts nothing down that a parent shares

    def _bot(self, ref: str, held: Copy | None, answer: Answer) -> Copy:
        head = shapes.parse_object(answer.body, what=f"the head of {ref}")
        digest = shapes.digest(head, "bundle")
        copy = self._said(ref, held, head, digest=digest, etag=_etag(answer))
        check_order(held, copy.place, copy.digest)
        check_head(held, copy)
        if held is not None and held.digest == copy.digest:
            body = held.body
        else:
            body = self._bundle(ref, copy.digest)
        if copy.signed is not None and not _says_the_same(held, copy.signed):
            check_bundle(body or b"", copy.signed, what=f"the bundle of {ref}")
        self._repository = copy.repository
        return with_floor(held, replace(copy, body=body))

    def _bundle(self, ref: str, digest: str) -> bytes:
        bundle = self._fetcher.get(
            f"/v1/bundles/{digest}", etag="", max_bytes=MAX_BODY_BYTES
        )
        if bundle.status != 200:
            raise _refused(f"the bundle of {ref}", bundle.status)
        if digest_of(bundle.body) != digest:
            raise BadAnswer(
                f"the bundle of {ref} has another digest than its head says"
            )
        return bundle.body

    def _said(
        self, ref: str, held: Copy | None, head: Object, *, digest: str, etag: str
    ) -> Copy:
        """What a head says, as a copy that has no body yet."""
        what = f"the head of {ref}"
        signed = None
        if self._verifier is not None:
            signed = self._verifier.signed(head, what=what)
        copy = Copy(
            ref=ref,
            repository=shapes.text(head, "repository"),
            epoch=shapes.number(head, "epoch"),
            seq=shapes.number(head, "seq"),
            floor=shapes.number(head, "floor"),
            etag=etag,
            digest=digest,
            body=None,
            signed=signed,
        )
        if shapes.text(head, "environment") != self._environment:
            raise BadAnswer(f"{what} is of another environment")
        if shapes.text(head, "bot") != copy.name:
            raise BadAnswer(f"{what} is another bot's")
        known = (held.repository if held else "") or self._repository
        if known and copy.repository != known:
            raise BadAnswer(
                f"{what} is of another registry than before",
                hint="If it was set up anew, start with an empty `cache_dir`.",
            )
        self._check_time(copy)
        return copy

    def _check_time(self, copy: Copy) -> None:
        if self._verifier is not None and copy.signed is not None:
            self._verifier.check_time(copy.signed, what=f"the head of {copy.ref}")

    def _tombstone(self, ref: str, held: Copy | None, answer: Answer) -> Copy:
        if answer.headers.get("content-type", "").partition(";")[0].strip() != PROBLEM:
            raise _refused(ref, answer.status)
        problem = shapes.parse_object(answer.body, what=f"the answer for {ref}")
        if self._verifier is None:
            copy = _unsigned_tombstone(ref, held, answer, problem)
        elif "head" not in problem:
            raise BadAnswer(
                f"that {ref} was deleted is not signed",
                hint="Upgrade the registry, or see what stands before it.",
            )
        else:
            head = shapes.mapping(problem, "head")
            copy = self._said(ref, held, head, digest="", etag="")
            if head.get("bundle", "") is not None:
                raise BadAnswer(f"the head of {ref} does not say that it was deleted")
        check_order(held, copy.place, copy.digest)
        check_head(held, copy)
        return copy


def _says_the_same(held: Copy | None, signed: Signed) -> bool:
    """Whether it was signed again, and nothing else; then its bundle was checked."""
    return (
        held is not None and held.signed is not None and held.signed.says == signed.says
    )


def _prompt(ref: str, held: Copy | None, answer: Answer) -> Copy:
    digest = answer.headers.get("placet-digest", "")
    if "placet-environment" not in answer.headers or not is_digest(digest):
        raise BadAnswer(f"the answer for {ref} does not say what it is")
    if digest_of(answer.body) != digest:
        raise BadAnswer(f"{ref} has another digest than its answer says")
    copy = Copy(
        ref=ref,
        repository="",
        epoch=_epoch(answer, held),
        seq=_count(answer, "placet-seq"),
        floor=0,
        etag=_etag(answer),
        digest=digest,
        body=answer.body,
    )
    check_order(held, copy.place, digest)
    return copy


def _unsigned_tombstone(
    ref: str, held: Copy | None, answer: Answer, problem: Object
) -> Copy:
    epoch = shapes.number(problem, "epoch") if "epoch" in problem else None
    return Copy(
        ref=ref,
        repository=held.repository if held else "",
        epoch=_epoch(answer, held) if epoch is None else epoch,
        seq=shapes.number(problem, "seq"),
        floor=0,
        etag="",
        digest="",
        body=None,
    )


def _epoch(answer: Answer, held: Copy | None) -> int:
    """A registry that was never restored need not say it: what is held, or 1."""
    if "placet-epoch" in answer.headers:
        return _count(answer, "placet-epoch")
    return held.epoch if held else 1


def _at(answer: Answer) -> tuple[int, int] | None:
    """Where the environment was; what cannot be read is not said."""
    epoch, seq = (
        answer.headers.get(name, "") for name in ("placet-epoch", "placet-seq")
    )
    if not _DIGITS.match(epoch) or not _DIGITS.match(seq):
        return None
    return int(epoch), int(seq)


def _count(answer: Answer, header: str) -> int:
    value = answer.headers.get(header, "")
    if not _DIGITS.match(value):
        raise BadAnswer(f"the header {header!r} is missing or not a number from 0")
    return int(value)


def _etag(answer: Answer) -> str:
    etag = answer.headers.get("etag", "")
    return etag if _ETAG.match(etag) else ""


def _refused(what: str, status: int) -> Refused:
    hint = _HINTS.get(status, _REDIRECTED if 300 <= status < 400 else _BROKEN)
    return Refused(
        f"the registry answered {status} for {what}", hint=hint, status=status
    )
