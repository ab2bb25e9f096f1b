"""How something came to be live, in words."""

from collections.abc import Iterable

from registry.remote.live_bots import Agreed, LiveBot, Since, Stop
from registry.remote.ratifications import RatificationSummary
from ui.parts.links import change_link
from ui.parts.marks import mark, tier
from ui.parts.pages import CHANGE, path_of
from ui.parts.text import shown_line
from ui.parts.times import ago_html

_JUDGED = {
    "open": "waits to be ratified",
    "overdue": "ratification is overdue",
    "ratified": "ratified since",
    "repudiated": "repudiated since",
}


def head(bot: LiveBot) -> str:
    """HTML: the marks of a bot."""
    stopped = mark("stopped", "red") if bot.stopped else mark("answers", "green")
    return f"{stopped}{tier(bot.tier)}"


def since(told: Since) -> str:
    """HTML: when and by what a bot came to be told what it is told."""
    change = f", {change_link(told.change)}" if told.change is not None else ""
    return (
        f"{ago_html(told.at)} (seq {told.seq}{change}), by {shown_line(told.by)}: "
        f"“{shown_line(told.title.rstrip('. '))}”"
    )


def stopped(told: Stop) -> str:
    """HTML: who stopped a bot, when and why."""
    return (
        f"{ago_html(told.at)} (seq {told.seq}), by {shown_line(told.by)}: "
        f"“{shown_line(told.reason.rstrip('. '))}”"
    )


def came(change: int | None, title: str) -> str:
    """HTML: the change that brought something, or what was done instead."""
    if change is None:
        return shown_line(title)
    return f"{change_link(change)}: {shown_line(title)}"


def agreed(
    who: Iterable[Agreed], ratification: RatificationSummary | None = None
) -> str:
    """HTML: who said yes, before and afterwards, and who has still to say it."""
    told = list(who)
    before = [one for one in told if not one.afterwards]
    after = [one for one in told if one.afterwards]
    parts = [_names(before) if before else _nobody(ratification)]
    if after:
        parts.append(f"ratified by {_names(after)}")
    if ratification is not None and ratification.status != "ratified":
        link = path_of(CHANGE, ratification=ratification.id)
        words = _JUDGED.get(ratification.status, ratification.status)
        parts.append(f'<a href="{link}" target="_self">{shown_line(words)}</a>')
    return "; ".join(parts)


def _nobody(ratification: RatificationSummary | None) -> str:
    if ratification is None:
        return "nobody was asked"
    if ratification.incident:
        return "nobody beforehand: it was an emergency"
    return "nobody beforehand: it was put back without votes"


def _names(who: Iterable[Agreed]) -> str:
    return ", ".join(
        f"{shown_line(one.by)}{_seat(one)}" for one in {o.by: o for o in who}.values()
    )


def _seat(one: Agreed) -> str:
    return "" if one.seat == one.by else f" ({shown_line(one.seat)})"
