"""The folder of a pack: which events and texts belong into it, and every file.

    evidence.json, evidence.md, evidence.html    what is told, for programs and people
    events.jsonl     the events that it rests on, canonical bytes, one a line
    proofs.json      for each, the hashes that show that it was signed (RFC 9162)
    checkpoint       what was signed: so many events, with this root
    ledger.pub       the key that signed it, for convenience
    texts/           exact texts, called by the hexadecimal digits of their digests
    VERIFY.md, verify.py, and what it is made of    how to check it without a registry
    manifest.json    SHA-256 of every other file

No file says when or by whom the pack was made: the same ledger, the same question
and the same checkpoint give the same bytes.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from registry.checkpoints import root_text
from registry.evidence_packs.acts import Seen, act_of
from registry.evidence_packs.change import ChangeEvidence, change_evidence
from registry.evidence_packs.change_report import change_report
from registry.evidence_packs.history import change_of, history_of, until
from registry.evidence_packs.html import html
from registry.evidence_packs.markdown import markdown
from registry.evidence_packs.moment import MomentEvidence, moment_evidence
from registry.evidence_packs.other_reports import moment_report, period_report
from registry.evidence_packs.period import PeriodEvidence, period_evidence
from registry.evidence_packs.report import Pairs, Paragraph, Report, section, when
from registry.evidence_packs.signed import Signed
from registry.names import Digest, digest_of
from registry.signed_notes import dump_verifier
from registry.values import Json

FORMAT = "placet-evidence-1"
MANIFEST = "manifest.json"

Evidence = ChangeEvidence | MomentEvidence | PeriodEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutChange:
    change: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutMoment:
    environment: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPeriod:
    """Attributes:
    environment: `None` for all.
    end: Not in the period any more.
    """

    environment: str | None
    begin: datetime
    end: datetime


Question = AboutChange | AboutMoment | AboutPeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to a question, and what it rests on.

    Attributes:
        told: The evidence as JSON.
        numbers: The events that the pack has.
        texts: Digests of the texts that it has.
    """

    question: Question
    evidence: Evidence
    told: dict[str, Json]
    numbers: tuple[int, ...]
    texts: tuple[Digest, ...]


def environments(signed: Signed, question: Question) -> tuple[str, ...]:
    """Those that *question* may be about."""
    if isinstance(question, AboutChange) or question.environment is None:
        return tuple(sorted(history_of(signed.records[:1]).state.environments))
    return (question.environment,)


def find(signed: Signed, question: Question, seen: Sequence[Seen]) -> Found:
    """Raises:
    NotFound: There is no such change or environment, or nothing was there yet.
    """
    extra: set[int] = {1}
    evidence: Evidence
    if isinstance(question, AboutChange):
        history = history_of(signed.records)
        evidence = change_evidence(history, question.change, seen)
        texts = _of_change(evidence)
    elif isinstance(question, AboutMoment):
        evidence, extra = _moment(signed, question, seen)
        texts = {one.document.digest for one in evidence.documents}
        texts.add(evidence.policy.digest)
    else:
        history = history_of(signed.records)
        evidence = period_evidence(
            history, question.begin, question.end, question.environment, seen
        )
        texts = {one.digest for one in evidence.policies}
        # with a neighbour on either side, which show that none was left out
        around = range(max(1, evidence.first - 1), evidence.last + 2)
        extra |= {number for number in around if number <= len(signed.records)}
    told = msgspec.to_builtins(evidence)
    return Found(
        question=question,
        evidence=evidence,
        told=told,
        numbers=tuple(sorted(extra | set(_named(told)))),
        texts=tuple(sorted(texts)),
    )


def files(
    signed: Signed,
    found: Found,
    texts: Mapping[Digest, bytes],
    *,
    programs: Mapping[str, bytes],
    guide: str,
) -> dict[str, bytes]:
    """Every file of the pack, by its path in the folder.

    Args:
        programs: What checks the pack, by the names of the files.
        guide: What `VERIFY.md` is, with places for what differs.
    """
    report = _with_ledger(signed, found, _report(found, texts))
    made = {
        "checkpoint": signed.note,
        "ledger.pub": "".join(f"{dump_verifier(k)}\n" for k in signed.keys).encode(),
        "events.jsonl": b"".join(
            signed.records[number - 1].body + b"\n" for number in found.numbers
        ),
        "proofs.json": _json(
            {
                str(number): [node.hex() for node in signed.tree.proof(number - 1)]
                for number in found.numbers
            }
        ),
        "evidence.json": _json(_evidence(signed, found)),
        "evidence.md": markdown(report).encode(),
        "evidence.html": html(report).encode(),
        "VERIFY.md": _guide(signed, found, guide).encode(),
        **programs,
        **{_path(digest): texts[digest] for digest in found.texts},
    }
    digests = {path: digest_of(data) for path, data in made.items()}
    manifest = _json({"format": FORMAT, "files": digests})
    return {**dict(sorted(made.items())), MANIFEST: manifest}


def _moment(
    signed: Signed, question: AboutMoment, seen: Sequence[Seen]
) -> tuple[MomentEvidence, set[int]]:
    history = history_of(until(signed.records, question.at))
    last = history.records[-1].number
    following = act_of(signed.records[last]) if last < len(signed.records) else None
    evidence = moment_evidence(
        history, question.environment, question.at, seen, following
    )
    changes = {one.agreed_in for one in evidence.documents} - {None}
    extra = {r.number for r in history.records if change_of(r.event) in changes}
    return evidence, {1, *extra}


def _of_change(evidence: ChangeEvidence) -> set[Digest]:
    texts = {one.digest for one in evidence.policies}
    for made in evidence.revisions:
        for edit in made.revision.edits:
            texts |= {edit.digest} if edit.digest else set()
            texts |= {edit.base.digest} if edit.base else set()
        if made.revision.proposed_policy is not None:
            texts.add(made.revision.proposed_policy.digest)
    return texts


def _named(told: object) -> Iterator[int]:
    """Every event that is named in JSON."""
    if isinstance(told, dict):
        if "event_digest" in told:
            yield told["event"]
        for value in told.values():
            yield from _named(value)
    elif isinstance(told, list | tuple):
        for value in told:
            yield from _named(value)


def _report(found: Found, texts: Mapping[Digest, bytes]) -> Report:
    match found.evidence:
        case ChangeEvidence():
            return change_report(found.evidence, texts)
        case MomentEvidence():
            return moment_report(found.evidence, texts)
        case PeriodEvidence():
            return period_report(found.evidence, texts)


def _with_ledger(signed: Signed, found: Found, report: Report) -> Report:
    last = signed.records[-1]
    told = section(
        "What it rests on",
        Paragraph(
            text="Made from a signed ledger alone. VERIFY.md says how to check it "
            "without the registry: what is checked is evidence.json, and nobody has "
            "signed this page. When a client was last seen is not in the "
            "ledger: where there is a time, it is the registry's word."
        ),
        Pairs(
            rows=(
                ("ledger", signed.checkpoint.origin),
                ("signed events", str(signed.checkpoint.size)),
                ("root", root_text(signed.checkpoint)),
                ("last signed event", f"{last.number}, {when(last.at)}"),
                ("signed by", ", ".join(key.short for key in signed.keys)),
                ("events in this folder", str(len(found.numbers))),
                ("texts in this folder", str(len(found.texts))),
            )
        ),
    )
    return replace(report, sections=(*report.sections, told))


def _evidence(signed: Signed, found: Found) -> dict[str, Json]:
    kind = {AboutChange: "change", AboutMoment: "moment", AboutPeriod: "period"}
    return {
        "format": FORMAT,
        "kind": kind[type(found.question)],
        "question": msgspec.to_builtins(found.question),
        "ledger": {
            "origin": signed.checkpoint.origin,
            "events": signed.checkpoint.size,
            "root": signed.checkpoint.root.hex(),
        },
        "evidence": found.told,
        "events": list(found.numbers),
        "texts": {digest: _path(digest) for digest in found.texts},
    }


def _guide(signed: Signed, found: Found, guide: str) -> str:
    question = found.question
    if isinstance(question, AboutChange):
        words = str(question.change)
    elif isinstance(question, AboutMoment):
        words = f"--environment {question.environment} --at {question.at.isoformat()}"
    else:
        span = f"--from {question.begin.isoformat()} --to {question.end.isoformat()}"
        place = f" --environment {question.environment}" if question.environment else ""
        words = span + place
    return (
        guide.replace("{origin}", signed.checkpoint.origin)
        .replace("{size}", str(signed.checkpoint.size))
        .replace("{question}", words)
        .replace("{key}", "\n".join(map(dump_verifier, signed.keys)))
    )


def _path(digest: Digest) -> str:
    return f"texts/{digest.removeprefix('sha256:')}.yaml"


def _json(value: object) -> bytes:
    """Keys in order, and nothing but ASCII: what hides in a text is spelt out."""
    return json.dumps(value, indent=1, sort_keys=True).encode() + b"\n"
