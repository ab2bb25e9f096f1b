"""What a bot was told at a moment, fetched and opened by the chatbot's own code.

What cannot be tried says why, in a sentence: it was not live then, it is stopped, it
takes something that is not installed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

import streamlit as st

from placet.bundles import Bundle, bundle_of
from placet.copies import Copy
from placet.errors import PlacetError
from placet.guardrails import Guardrails
from placet.names import digest_of
from placet.prompts import Prompt, open_prompt
from registry.errors import Deleted, NotFound, RegistryError
from registry.remote import Remote
from registry.remote.environments import BundleMoment
from registry.remote.live_bots import Instead
from ui.parts import times
from ui.parts.hints import here
from ui.parts.playground import versions
from ui.parts.playground.moments import When
from ui.parts.text import sentence

BOTS, PROMPTS = "bots/", "prompts/"
KEPT = 6
"""Opened versions that a tab keeps: compiling guardrails takes a moment."""

MAX_MOMENTS = 500

_OPENED = "_playground_opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is tried; `document` has its kind: `bots/acme-air/support`."""

    environment: str
    document: str

    @property
    def is_bot(self) -> bool:
        return self.document.startswith(BOTS)

    @property
    def name(self) -> str:
        return self.document.partition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One version, to try.

    Attributes:
        words: Which one, in a few words.
        seq: `None` where it does not matter.
        digest: Of the bytes that were read; empty if there are none.
        stopped: Of a stopped bot, why; empty if it answers.
        instead: What a stopped bot says; `None` if it answers.
        why_not: Why there is nothing to try; empty if there is.  Of a bot that is
            stopped now there is what lies beneath: what it would say again.
    """

    words: str
    seq: int | None = None
    change: int | None = None
    version: str = ""
    digest: str = ""
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    guardrails: Guardrails | None = None
    stopped: str = ""
    instead: Instead | None = None
    why_not: str = ""

    @property
    def name(self) -> str:
        """`words`, at the beginning of a line."""
        return self.words[:1].upper() + self.words[1:]


def told(remote: Remote, subject: Subject, when: When, latest: int) -> Told:
    """Fetch and open *subject* as it is, was or would be.

    Args:
        latest: The seq at which the environment is.
    """
    where = Told(words=words(when))
    wrong = _unreadable(when)
    if wrong:
        return replace(where, words="", why_not=wrong)
    try:
        body, seq = _fetched(remote, subject, when, latest)
    except Deleted:
        return replace(where, why_not="It was deleted by then.")
    except NotFound as error:
        hint = here(error.hint or "")
        return replace(where, why_not=f"{sentence(str(error))} {hint}".strip())
    except RegistryError as error:
        return replace(
            where, why_not=f"{sentence(str(error))} {here(error.hint or '')}"
        )
    change = when.number if when.kind == "change" else None
    where = replace(where, seq=seq, change=change)
    found = _opened(where, subject, body)
    if found.stopped and when.kind == "now":
        return _beneath(remote, subject, found)
    return found


def _beneath(remote: Remote, subject: Subject, stopped: Told) -> Told:
    """What a stopped bot would be told if it answered again now, marked as such."""
    try:
        body = remote.environments.beneath(subject.environment, subject.name)
    except RegistryError:  # it may answer again by now, which the next look shows
        return stopped
    where = replace(stopped, words=f"{stopped.words}, beneath the stop")
    found = _opened(where, subject, body)
    return replace(found, stopped=stopped.stopped, instead=stopped.instead)


def words(when: When) -> str:
    """`live now`, `seq 12`, `if change 52 were live`; within a line."""
    if when.kind == "seq":
        return "a seq" if when.number is None else f"seq {when.number}"
    if when.kind == "version":
        return "a version" if when.value == "?" else f"version {when.value}"
    if when.kind == "at":
        return "a moment" if when.moment is None else f"at {times.moment(when.moment)}"
    if when.kind == "change":
        which = "a change" if when.number is None else f"change {when.number}"
        return f"if {which} were live"
    return "live now"


def moments_of(remote: Remote, environment: str, bot: str) -> list[BundleMoment]:
    """When the bot was told something else, newest first."""
    return list(islice(remote.environments.bundles(environment, bot), MAX_MOMENTS))


def _unreadable(when: When) -> str:
    if when.kind in ("seq", "change") and when.number is None:
        what = "seq" if when.kind == "seq" else "change"
        return f"Say which {what}: a whole number, such as 12."
    if when.kind == "version" and not versions.NUMBER.fullmatch(when.value):
        return "Say which version: its number, such as 1.2.0."
    if when.kind == "at" and when.moment is None:
        return "Say which moment: a day and a time, such as 2026-11-23T10:00."
    return ""


def _fetched(
    remote: Remote, subject: Subject, when: When, latest: int
) -> tuple[bytes, int]:
    environment, document = subject.environment, subject.document
    if when.kind == "change":
        change = when.number or 0
        there = remote.changes.get(change).environment
        if there != environment:
            raise NotFound(
                f"change {change} is not one of {environment}",
                hint=f"It is one of {there}: choose that environment.",
            )
        return remote.changes.served(change, document), latest
    if when.kind == "at":
        body = remote.environments.served(environment, document, at=when.moment)
        return body, _seq_at(remote, subject, when)
    seq = when.number if when.kind == "seq" and when.number else latest
    if when.kind == "version":
        seq = versions.last_seq(remote, environment, document, when.value, latest)
    return remote.environments.served(environment, document, seq=seq), seq


def _seq_at(remote: Remote, subject: Subject, when: When) -> int:
    """Since which seq the bot was told what it was told at a moment."""
    at = when.moment
    if not subject.is_bot or at is None:
        return 0
    found = moments_of(remote, subject.environment, subject.name)
    return next((one.seq for one in found if one.at <= at), 0)


def _opened(where: Told, subject: Subject, body: bytes) -> Told:
    digest = digest_of(body)
    kept: dict[tuple[str, str], Told] = st.session_state.setdefault(_OPENED, {})
    key = (subject.document, digest)
    if key not in kept:
        while len(kept) >= KEPT:
            del kept[next(iter(kept))]
        kept[key] = _open(where, subject, body)
    return replace(
        kept[key], words=where.words, seq=where.seq, change=where.change, digest=digest
    )


def _open(where: Told, subject: Subject, body: bytes) -> Told:
    environment, name, seq = subject.environment, subject.name, where.seq or 0
    try:
        if subject.is_bot:
            return _of_bundle(
                bundle_of(body, bot=name, environment=environment, seq=seq)
            )
        prompt = open_prompt(_copy(subject, seq, body), environment, stale=False)
    except PlacetError as error:
        return Told(words="", why_not=f"It cannot be opened here: {error}")
    return Told(words="", version=prompt.version, prompts={"": prompt})


def _of_bundle(bundle: Bundle) -> Told:
    if not bundle.stopped:
        return Told(
            words="",
            version=bundle.version,
            prompts=bundle.prompts,
            guardrails=bundle.guardrails,
        )
    reason = f": {bundle.stop_reason}" if bundle.stop_reason else ""
    stopped = f"{bundle.name} is stopped{reason}"
    return Told(
        words="",
        version=bundle.version,
        stopped=stopped,
        instead=Instead(disclosure=bundle.disclosure, fallback=bundle.fallback),
        why_not=stopped,
    )


def _copy(subject: Subject, seq: int, body: bytes) -> Copy:
    return Copy(
        ref=subject.document,
        repository="",
        epoch=0,
        seq=seq,
        floor=0,
        etag="",
        digest=digest_of(body),
        body=body,
    )
