"""The reports of a moment and of a period."""

from collections.abc import Iterable, Iterator

from registry.evidence_packs.acts import Asked, WentLive
from registry.evidence_packs.change_report import Texts
from registry.evidence_packs.holders import Held, InForce
from registry.evidence_packs.moment import LiveThen, MomentEvidence
from registry.evidence_packs.period import Listed, PeriodEvidence
from registry.evidence_packs.report import (
    NOT_MEASURED,
    Block,
    Pairs,
    Paragraph,
    Passage,
    Report,
    Section,
    Table,
    acts_table,
    section,
    table,
    text_of,
    when,
    where,
    whose,
)
from registry.people import Limit


def moment_report(found: MomentEvidence, texts: Texts) -> Report:
    return Report(
        title=f"Evidence of {found.environment} at {when(found.at)}",
        about=f"Everything that was live in {found.environment}, at seq {found.seq}",
        sections=tuple(_moment(found, texts)),
    )


def _moment(found: MomentEvidence, texts: Texts) -> Iterator[Section]:
    yield section("In short", _in_short(found))
    yield section(
        "What was live, and who had agreed to it",
        table(
            "document|version|tier|owner|since seq|live since|by|agreed to in|by whom",
            (_row(one) for one in found.documents),
            "Nothing was live.",
        ),
    )
    yield section("Bots", *_bots(found))
    yield section("Still to be ratified", _open(found))
    yield section("Who held which seat and role", held_table(found.holders))
    yield section("The policy in force", *policy_texts([found.policy], texts))
    yield section("The exact texts", *_live_texts(found, texts))


def _in_short(found: MomentEvidence) -> Pairs:
    moved, following = found.moved, found.following
    after = "none that is signed"
    if following is not None:
        after = f"{where(following)}, {when(following.at)}"
    return Pairs(
        rows=(
            ("environment", found.environment),
            ("at", when(found.at)),
            ("seq", str(found.seq)),
            (
                "since",
                f"{when(moved.at)}, event {where(moved)} by {moved.by}: {moved.what}",
            ),
            ("last event up to then", where(found.last)),
            ("first event after it", after),
            ("documents", str(len(found.documents))),
            ("policy", found.policy.digest),
        )
    )


def _bots(found: MomentEvidence) -> tuple[Block, ...]:
    return (
        table(
            "bot|bundle|since seq",
            ((one.bot, one.bundle, str(one.since)) for one in found.bots),
            "There was no bot.",
        ),
        table(
            "stopped bot|why|event|since|by",
            (
                (s.bot, s.reason, where(s.since), when(s.since.at), s.since.by)
                for s in found.stops
            ),
            "No bot was stopped.",
        ),
    )


def _open(found: MomentEvidence) -> Table:
    return table(
        "event|when|who|what|status|due",
        (
            (
                where(one.act),
                when(one.act.at),
                one.act.by,
                one.act.what,
                one.status,
                when(one.due),
            )
            for one in found.ratifications
        ),
        "Nothing.",
    )


def _row(one: LiveThen) -> tuple[str, ...]:
    agreed = "no vote was needed" if one.agreed_in is None else str(one.agreed_in)
    document = one.document
    return (
        document.document,
        document.version,
        document.tier,
        document.owner,
        str(one.since),
        when(one.brought.act.at),
        f"{one.brought.act.by}, event {where(one.brought.act)}",
        agreed,
        who_agreed(one.agreed),
    )


def who_agreed(asked: Iterable[Asked]) -> str:
    told = [
        f"{', '.join(one.by) or 'nobody'} as {one.seat}" for one in asked if one.seat
    ]
    return "; ".join(told) or "nobody was asked"


def _live_texts(found: MomentEvidence, texts: Texts) -> Iterator[Block]:
    for one in found.documents:
        document = one.document
        yield Passage(
            caption=f"{document.document} {document.version}: {document.digest}",
            text=text_of(texts[document.digest]),
        )


def held_table(found: Iterable[Held]) -> Table:
    return table(
        "seat or role|who|where|from|given by|asked for by|until",
        (
            (
                f"{one.kind} {one.held}",
                one.handle,
                _where(one.limit),
                f"{when(one.since.at)}, event {where(one.since)}",
                one.since.by,
                one.asked.by if one.asked else "",
                f"{when(one.until.at)}, event {where(one.until)}" if one.until else "",
            )
            for one in found
        ),
        "Nobody held anything.",
    )


def _where(limit: Limit | None) -> str:
    if limit is None:
        return "everywhere"
    environments = ", ".join(limit.environments) or "every environment"
    return f"{environments}: {', '.join(limit.names) or 'every document'}"


def policy_texts(found: Iterable[InForce], texts: Texts) -> Iterator[Block]:
    for one in found:
        until = f" until {when(one.until.at)}" if one.until else ""
        yield Passage(
            caption=f"{one.environment}: {one.digest}, in force since "
            f"{when(one.since.at)}, event {where(one.since)}{until}",
            text=text_of(texts[one.digest]),
        )


def period_report(found: PeriodEvidence, texts: Texts) -> Report:
    place = found.environment or "every environment"
    return Report(
        title=f"Evidence of {place}, {when(found.begin)} to {when(found.end)}",
        about="Every act of the period, listed and counted; the end is not in it",
        sections=tuple(_period(found, texts)),
    )


def _period(found: PeriodEvidence, texts: Texts) -> Iterator[Section]:
    yield section("Counts", *_counts(found))
    yield section("What went live", _went_live(found.live))
    for one in found.lists:
        part = f", part of {one.of}" if one.of else ""
        yield section(
            f"{one.name.capitalize()} ({one.count}{part})",
            acts_table(one.acts, f"No {one.name}."),
        )
    yield section(
        "What had to be ratified",
        table(
            "event|when|who|incident|due|status|votes",
            (
                (
                    where(one.act),
                    when(one.act.at),
                    one.act.by,
                    one.incident or "none",
                    when(one.due),
                    f"{one.status} {when(one.closed_at)}".strip(),
                    "; ".join(f"{v.by}: {v.what} (event {v.event})" for v in one.votes),
                )
                for one in found.ratifications
            ),
            "Nothing had to be ratified.",
        ),
    )
    yield section("Who held which seat and role", held_table(found.holders))
    yield section("Policies in force", *policy_texts(found.policies, texts))


def _counts(found: PeriodEvidence) -> tuple[Block, ...]:
    rows = [(one.name, str(one.count)) for one in found.lists if one.of is None]
    elsewhere = (
        f" {found.elsewhere} more happened in other environments, and are not listed."
        if found.elsewhere
        else ""
    )
    numbers = f"{found.first} to {found.last}" if found.last >= found.first else "none"
    return (
        Paragraph(
            text=f"Events of the period: {numbers}. Each stands in exactly one list."
            + elsewhere
        ),
        table("list|events", [*rows, ("together", str(found.events))], "None."),
        table(
            "of these|part of|events",
            [(one.name, one.of, str(one.count)) for one in found.lists if one.of],
            "None.",
        ),
        *(Paragraph(text=text) for text in _absent(found.lists)),
    )


def _absent(lists: Iterable[Listed]) -> Iterator[str]:
    absent = [f"No {one.name}." for one in lists if not one.count]
    if absent:
        yield " ".join(absent)


def _went_live(found: Iterable[WentLive]) -> Table:
    return table(
        "event|environment, seq|what|by|approved|live|last client seen on an earlier "
        "seq|agreed",
        (
            (
                where(one.act),
                f"{one.act.environment} {one.act.seq or ''}".strip(),
                one.act.what,
                whose(one.act),
                when(one.times.approved.at)
                if one.times.approved
                else one.times.approved_told,
                when(one.times.live),
                when(one.times.last_seen_before) or NOT_MEASURED,
                who_agreed(one.asked),
            )
            for one in found
        ),
        "Nothing went live.",
    )
