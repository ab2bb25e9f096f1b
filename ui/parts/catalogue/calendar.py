"""When models stop answering, as a chart."""

from collections.abc import Iterable, Sequence

import altair as alt

from registry.remote.bindings import Binding, Retirement
from ui.parts import times
from ui.parts.text import plain

NEAR_DAYS = 90

# Middle tones: each is seen on light and on dark, 3 to 1 at least.
_TONES = ["#cf4a4a", "#b9770e", "#3a82b5"]
_TODAY = "#7a8794"


def chart(found: Sequence[Retirement]) -> alt.LayerChart:
    """A day for each binding; what is disputed is hollow."""
    table = _data(_point(one) for one in found)
    today = _data([{"day": times.now().date().isoformat()}])
    points = (
        alt.Chart(table)
        .mark_point(size=110, filled=True, opacity=1)
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y", grid=True)),
            y=alt.Y("binding:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)),
            color=alt.Color(
                "how soon:N",
                scale=alt.Scale(
                    domain=["over", "within 90 days", "later"],
                    range=_TONES,
                ),
                legend=alt.Legend(title=None, orient="top"),
            ),
            shape=alt.Shape(
                "how soon:N",
                scale=alt.Scale(
                    domain=["over", "within 90 days", "later"],
                    range=["cross", "triangle-up", "circle"],
                ),
            ),
            tooltip=["binding:N", "model:N", "on:N", "bots:N", "said by:N"],
        )
    )
    line = alt.Chart(today).mark_rule(strokeDash=[4, 3], color=_TODAY).encode(x="day:T")
    both: alt.LayerChart = line + points
    return both.properties(height=max(120, 28 * len(found) + 60))


def _data(rows: Iterable[dict[str, str]]) -> alt.InlineData:
    return alt.InlineData(values=list(rows))


def sentence(environment: str, found: Sequence[Retirement]) -> str:
    """What the chart shows, for who does not see it."""
    first = found[0]
    return (
        f"In {plain(environment)} {len(found)} model bindings have a day on which "
        f"their model stops answering. The first is {plain(first.binding)} on "
        f"{times.day(first.shutdown_on)}. The table below has them all."
    )


def _point(one: Retirement) -> dict[str, str]:
    soon = "within 90 days" if one.days <= NEAR_DAYS else "later"
    return {
        "binding": plain(one.binding),
        "day": one.shutdown_on.isoformat(),
        "on": times.day(one.shutdown_on),
        "how soon": "over" if one.days < 0 else soon,
        "model": plain(model_of(one)),
        "bots": plain(", ".join(bot.bot for bot in one.bots), 300),
        "said by": plain(one.by),
    }


def model_of(one: Retirement | Binding) -> str:
    version = f" {one.model_version}" if one.model_version else ""
    return f"{one.platform} {one.model}{version}"
