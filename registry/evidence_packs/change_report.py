"""The report of a change."""

from collections.abc import Collection, Iterator, Mapping
from difflib import unified_diff

from registry.changes import Affected, Revision
from registry.evidence_packs.change import (
    ChangeEvidence,
    RatificationMade,
    RevisionMade,
    VoteCast,
)
from registry.evidence_packs.check_report import checks
from registry.evidence_packs.report import (
    NOT_MEASURED,
    Block,
    Difference,
    Pairs,
    Paragraph,
    Passage,
    Report,
    Section,
    acts_table,
    asked_table,
    section,
    short,
    table,
    text_of,
    when,
    where,
    whose,
)
from registry.names import Digest

Texts = Mapping[Digest, bytes]


def change_report(found: ChangeEvidence, texts: Texts) -> Report:
    return Report(
        title=f"Evidence of change {found.change}",
        about=f"{found.title} ({found.type} in {found.environment}, {found.status})",
        sections=tuple(_sections(found, texts)),
    )


def _sections(found: ChangeEvidence, texts: Texts) -> Iterator[Section]:
    yield section("In short", _in_short(found))
    for made in found.revisions:
        title = f"Revision {made.revision.number}: {made.revision.title}"
        yield section(title, *_revision(made, texts))
    yield section(
        "Requirements",
        Paragraph(
            text="As they stood when the change went live."
            if found.live
            else "As they stood at the last signed event."
        ),
        asked_table(found.asked),
    )
    yield section("Votes", _votes(found.votes))
    yield section(
        "Checks",
        *checks(found, texts),
    )
    yield section("Comments", acts_table(found.comments, "No comments."))
    if found.ratification is not None:
        yield section("Ratification", *_ratification(found.ratification))
    yield section("What became of it", _fate(found))
    yield section("Policies that it was made under", *_policies(found, texts))
    yield section("Every act", acts_table(found.acts, "None."))


def _fate(found: ChangeEvidence) -> Block:
    return table(
        "part|what became of it|event|when|who",
        (
            (
                one.part,
                one.told,
                where(one.act) if one.act else "",
                when(one.act.at) if one.act else "",
                one.act.by if one.act else "",
            )
            for one in found.fate
        ),
        "It did not go live.",
    )


def _in_short(found: ChangeEvidence) -> Pairs:
    rows = [
        ("environment", found.environment),
        ("type", found.type),
        ("status", found.status),
        ("contributors, who could not vote", ", ".join(found.contributors)),
    ]
    live = found.live
    if live is not None:
        times = live.times
        approved = when(times.approved.at) if times.approved else "not approved"
        rows += [
            ("approved", f"{approved}: {times.approved_told}"),
            ("live", f"{when(times.live)}, event {where(live.act)} by {live.act.by}"),
            (
                "last client seen on an earlier seq",
                when(times.last_seen_before) or NOT_MEASURED,
            ),
        ]
        if live.act.seq is not None:
            rows.append(("seq", str(live.act.seq)))
    return Pairs(rows=tuple(rows))


def _revision(made: RevisionMade, texts: Texts) -> Iterator[Block]:
    revision = made.revision
    yield Pairs(
        rows=(
            ("proposed", f"{when(made.act.at)} by {whose(made.act)}"),
            ("event", where(made.act)),
            ("review digest", revision.review_digest),
            (
                "policy",
                f"{revision.policy.digest}, in force since event "
                f"{revision.policy.since}",
            ),
            ("expires", when(revision.expires)),
            ("goes live by itself", when(revision.earliest) or "no"),
        )
    )
    yield from _effect(revision)
    yield from _texts(made, texts)


def _effect(revision: Revision) -> Iterator[Block]:
    edited = {edit.document for edit in revision.edits}
    yield table(
        "document|version|before|after",
        (
            (
                edit.document,
                edit.version or "deleted",
                f"{edit.base.digest}, live since seq {edit.base.since}"
                if edit.base
                else "nothing",
                edit.digest or "nothing",
            )
            for edit in revision.edits
        ),
        "It edits no document.",
    )
    yield table(
        "what it affects|tier|owners|served before|served after",
        (
            (
                one.document,
                one.tier,
                ", ".join(one.owners),
                short(one.before.digest) if one.before else "nothing",
                _after(one, edited),
            )
            for one in revision.effect
        ),
        "It affects no document.",
    )
    yield table(
        "fact|documents|what exactly",
        (
            (fact.name, ", ".join(fact.documents), fact.sentence)
            for fact in revision.facts
        ),
        "Nothing that a policy asks about.",
    )


def _after(one: Affected, edited: Collection[str]) -> str:
    """A bot may be told something else although its own text reads the same."""
    if one.before is not None and one.after == one.before.digest:
        uses = edited and one.document not in edited
        return "the same; what it uses differs" if uses else "the same"
    return short(one.after) or "nothing"


def _texts(made: RevisionMade, texts: Texts) -> Iterator[Block]:
    for edit in made.revision.edits:
        old = text_of(texts[edit.base.digest]) if edit.base else ""
        new = text_of(texts[edit.digest]) if edit.digest else ""
        lines = unified_diff(old.splitlines(), new.splitlines(), lineterm="")
        caption = f"{edit.document} {edit.version or ''}".strip()
        yield Difference(caption=f"What differs in {caption}", lines=tuple(lines)[2:])
        if edit.digest is not None:
            yield Passage(caption=f"{caption}, whole: {edit.digest}", text=new)
    proposed = made.revision.proposed_policy
    if proposed is not None:
        caption = f"The proposed policy, whole: {proposed.digest}"
        yield Passage(caption=caption, text=proposed.source)
    resumption = made.revision.resumption
    if resumption is not None:
        told = (
            f"The bot {resumption.bot}, stopped at seq {resumption.stopped}, answers "
            f"again with the bundle {resumption.bundle}."
        )
        yield Paragraph(text=told)


def _votes(votes: tuple[VoteCast, ...]) -> Block:
    return table(
        "event|when|who, holding|seat|vote|to review digest|counts|reason, condition",
        (
            (
                where(one.act),
                when(one.act.at),
                whose(one.act),
                one.seat,
                one.verdict,
                f"{short(one.review_digest)} (revision {one.revision})",
                "yes" if one.counts else "no",
                " ".join(filter(None, (one.act.reason, _condition(one)))),
            )
            for one in votes
        ),
        "Nobody has voted.",
    )


def _condition(vote: VoteCast) -> str:
    if vote.condition is None:
        return ""
    met = "not met"
    if vote.met is not None:
        met = f"met, says {vote.met.by} in event {vote.met.event}: {vote.met.reason}"
    condition = vote.condition
    return (
        f"On condition that {condition.owner} sees to it by {when(condition.due)}: "
        f"{condition.text} ({met})"
    )


def _ratification(found: RatificationMade) -> Iterator[Block]:
    opened = found.opened
    yield Pairs(
        rows=(
            ("why", " ".join(opened.why)),
            ("incident", opened.incident or "none"),
            ("due", when(opened.due)),
            ("status", found.status),
            ("decided", when(found.closed_at) or "not yet"),
            ("could not vote on it", ", ".join(opened.excluded)),
        )
    )
    yield acts_table(found.votes, "Nobody has voted on it.")


def _policies(found: ChangeEvidence, texts: Texts) -> Iterator[Block]:
    for one in found.policies:
        since = f"in force since {when(one.since.at)}, event {where(one.since)}"
        yield Passage(caption=f"{one.digest}, {since}", text=text_of(texts[one.digest]))
