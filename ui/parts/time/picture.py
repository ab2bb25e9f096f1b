"""A timeline as a picture: versions as bands, what happened and was said as marks.

Each document is a row with its name above it, so that names need no room of their
own on a telephone.  Marks differ in shape and in colour.  Times are the browser's.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from math import ceil

import altair as alt

from registry.remote.timelines import Band, Mark, Timeline
from ui.parts.text import plain
from ui.parts.time.kinds import LOOKS, look
from ui.parts.times import day, moment

HAPPENED, SAID = "What happened", "What people said"
MOST_MARKS = 1000
MOST_ROWS = 24
ROW_PX = 40
BAND_PX = 15
AXIS_PX, LEGEND_PX, LEGEND_COLUMNS = 60, 18, 2
_SHADES = ("#2a6f9f", "#3f7d6e")
"""In turns, so that one sees where a version ends; white is read on both."""
_ROOM = 0.05
"""Of the width, for a version's number to be written into its band."""


def chart(
    told: Timeline, *, begin: datetime, end: datetime, at: datetime | None, dark: bool
) -> alt.LayerChart:
    """Args:
    begin: Where the axis begins, and *end* where it ends.
    at: The moment that is looked at, for a line; `None` for no line.
    """
    rows = [HAPPENED, SAID, *_documents(told, begin, end)]
    kinds = len({mark.kind for mark in told.marks})
    ink = "#e4eaf1" if dark else "#0b141c"
    layers = [_names(rows, begin, end, ink), *_bands(told, rows, begin, end)]
    if at is not None and begin < at < end:
        layers.append(_line(at, ink))
    if told.marks:
        layers.append(_marks(told, rows, ink))
    height = ROW_PX * len(rows) + AXIS_PX + LEGEND_PX * ceil(kinds / LEGEND_COLUMNS)
    whole = alt.LayerChart(layer=layers, height=height)
    apart: alt.LayerChart = whole.resolve_scale(
        color="independent", shape="independent"
    )
    return apart


def sentence(told: Timeline, begin: datetime, end: datetime) -> str:
    """What the picture shows, for who does not see it."""
    documents = len({band.document for band in told.bands})
    counts = Counter(look(mark.kind).word for mark in told.marks)
    marks = ", ".join(f"{count} times {word}" for word, count in counts.items())
    return (
        f"Timeline of {plain(told.bot)} in {plain(told.environment)} from "
        f"{day(begin)} to {day(end)}: {len(told.bands)} versions of {documents} "
        f"documents; {marks or 'nothing happened'}. The tables have all of it."
    )


def left_out(told: Timeline, begin: datetime, end: datetime) -> str:
    """What the picture has no room for; empty if it has all."""
    documents = {band.document for band in told.bands}
    shown = len(_documents(told, begin, end))
    alike = len(documents) - shown
    parts = []
    if alike:
        noun = "1 document" if alike == 1 else f"{alike} documents"
        changed = (
            "changed least or not at all" if shown == MOST_ROWS else "did not change"
        )
        parts.append(f"{noun} that {changed}")
    if len(told.marks) > MOST_MARKS:
        parts.append(f"the {len(told.marks) - MOST_MARKS} oldest marks")
    if not parts:
        return ""
    return f"The picture leaves out {' and '.join(parts)}; the tables have them."


def _documents(told: Timeline, begin: datetime, end: datetime) -> list[str]:
    """The bot itself on top, then what changed, most often first.

    What was there all the time in one version says nothing, and is left out.
    """
    counts = Counter(band.document for band in told.bands)
    first = min((band.begins for band in told.bands), default=begin)
    came_or_went = {
        band.document
        for band in told.bands
        if band.begins > max(first, begin) or (band.ends or end) < end
    }
    itself = f"bots/{told.bot}"
    names = sorted(
        (name for name in counts if name == itself or name in came_or_went),
        key=lambda name: (name != itself, -counts[name], name),
    )
    return names[:MOST_ROWS]


def _y(rows: list[str]) -> alt.Y:
    return alt.Y("row:N", sort=rows, scale=alt.Scale(domain=rows), axis=None)


def _names(rows: list[str], begin: datetime, end: datetime, ink: str) -> alt.Chart:
    """The names, and the one axis that all layers share."""
    axis = alt.Axis(orient="top", labelOverlap=True, tickCount=8, labelColor=ink)
    x = alt.X(
        "at:T",
        title=None,
        axis=axis,
        scale=alt.Scale(domain=[_stamp(begin), _stamp(end)]),
    )
    data = [{"row": row, "name": plain(row, 60), "at": _stamp(begin)} for row in rows]
    names: alt.Chart = (
        alt.Chart(_data(data))
        .mark_text(align="left", dy=-14, dx=2, fontSize=11, color=ink)
        .encode(x=x, y=_y(rows), text="name:N")
    )
    return names


def _line(at: datetime, ink: str) -> alt.Chart:
    line: alt.Chart = (
        alt.Chart(_data([{"at": _stamp(at), "when": moment(at)}]))
        .mark_rule(strokeDash=[5, 4], color=ink, strokeWidth=1.5)
        .encode(x="at:T", tooltip=[alt.Tooltip("when:N", title="Looked at")])
    )
    return line


def _bands(
    told: Timeline, rows: list[str], begin: datetime, end: datetime
) -> Iterator[alt.Chart]:
    drawn = set(rows)
    data = [
        one
        for one in _values(told.bands, begin, end)
        if one["row"] in drawn and str(one["from"]) < str(one["to"])
    ]
    if not data:
        return
    shade = alt.Color(
        "shade:N", scale=alt.Scale(domain=["0", "1"], range=_SHADES), legend=None
    )
    tooltip = [
        alt.Tooltip("row:N", title="Document"),
        alt.Tooltip("version:N", title="Version"),
        alt.Tooltip("since:N", title="From"),
        alt.Tooltip("until:N", title="Until"),
        alt.Tooltip("by:N", title="By"),
    ]
    yield (
        alt.Chart(_data(data))
        .mark_bar(height=BAND_PX, yOffset=5, cornerRadius=2, clip=True)
        .encode(x="from:T", x2="to:T", y=_y(rows), color=shade, tooltip=tooltip)
    )
    words = [one for one in data if one["room"]]
    if words:
        yield (
            alt.Chart(_data(words))
            .mark_text(align="left", dx=5, dy=5.5, fontSize=10, color="#ffffff")
            .encode(x="from:T", y=_y(rows), text="version:N", tooltip=tooltip)
        )


def _values(
    bands: Iterable[Band], begin: datetime, end: datetime
) -> Iterator[dict[str, object]]:
    counts: Counter[str] = Counter()
    for band in bands:
        counts[band.document] += 1
        first, last = max(band.begins, begin), min(band.ends or end, end)
        yield {
            "row": band.document,
            "version": plain(band.version, 20),
            "shade": str(counts[band.document] % 2),
            "from": _stamp(first),
            "to": _stamp(last),
            "since": f"{moment(band.begins)} (seq {band.since})",
            "until": f"{moment(band.ends)} (seq {band.until})" if band.ends else "now",
            "by": f"change {band.change}" if band.change else "a rollback or an import",
            "room": (last - first) / (end - begin) > _ROOM,
        }


def _marks(told: Timeline, rows: list[str], ink: str) -> alt.Chart:
    kinds = {one.kind for one in told.marks}
    known = [kind for kind in LOOKS if kind in kinds]
    words = [LOOKS[kind].word for kind in known]
    shapes = alt.Scale(domain=words, range=[LOOKS[kind].shape for kind in known])
    colours = alt.Scale(domain=words, range=[LOOKS[kind].colour for kind in known])
    legend = alt.Legend(
        title=None,
        orient="bottom",
        columns=LEGEND_COLUMNS,
        labelLimit=170,
        symbolSize=90,
        labelColor=ink,
    )
    points: alt.Chart = (
        alt.Chart(_data(map(_point, told.marks[-MOST_MARKS:])))
        .mark_point(size=95, filled=True, opacity=0.9, yOffset=5)
        .encode(
            x="at:T",
            y=_y(rows),
            shape=alt.Shape("what:N", scale=shapes, legend=legend),
            color=alt.Color("what:N", scale=colours, legend=legend),
            tooltip=[
                alt.Tooltip("what:N", title="What"),
                alt.Tooltip("when:N", title="When"),
                alt.Tooltip("sentence:N", title="In words"),
                alt.Tooltip("seq:N", title="Seq"),
            ],
        )
    )
    return points


def _point(mark: Mark) -> dict[str, object]:
    seen = look(mark.kind)
    return {
        "row": HAPPENED if seen.happened else SAID,
        "what": seen.word,
        "at": _stamp(mark.at),
        "when": moment(mark.at),
        "sentence": plain(mark.sentence, 200),
        "seq": "" if mark.seq is None else str(mark.seq),
    }


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _data(rows: Iterable[Mapping[str, object]]) -> alt.InlineData:
    return alt.InlineData(values=list(rows))
