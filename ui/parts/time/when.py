"""Which moment is looked at: the address says it, a slider and a clock follow.

The address has a time or a sequence number, or neither for what is live now.  Moving
one of the two widgets writes the address, and so moves the other.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st

from registry.errors import Invalid
from registry.remote.timelines import MomentThen
from ui.parts.choosing import number_of
from ui.parts.times import now, zone

_MINUTE = timedelta(minutes=1)
_SEEN = "_time_seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Attributes:
    at: The parameter of the address that has a time.
    seq: The one that has a sequence number.
    """

    at: str
    seq: str
    name: str

    @property
    def slider(self) -> str:
        return f"_time_slider_{self.at}"

    @property
    def clock(self) -> str:
        return f"_time_clock_{self.at}"


FIRST = Place(at="at", seq="seq", name="Moment")
SECOND = Place(at="to", seq="to_seq", name="Other moment")


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time, a sequence number, or neither: now."""

    at: datetime | None
    seq: int | None


def asked(place: Place) -> When:
    """Raises:
    Invalid: The address has something that is neither.
    """
    seq, at = st.query_params.get(place.seq), st.query_params.get(place.at)
    if seq is not None:
        number = number_of(seq)
        if number is None:
            raise Invalid(
                "a sequence number has digits only",
                hint=f"Write it as ?{place.seq}=12.",
            )
        return When(at=None, seq=max(number, 1))
    return When(at=None if at is None else _parsed(place, at), seq=None)


def choose(place: Place, when: When, then: MomentThen | None, latest: int) -> None:
    """The widgets.

    Args:
        then: What *when* came to; `None` if that was refused.
        latest: The seq that the environment is at.
    """
    seq = then.seq if then is not None else _nearest(when, latest)
    line = st.columns([5, 3], gap="medium")
    with line[0]:
        _slide(place, seq, latest)
    with line[1]:
        _clock(place, shown_at(when, then))
    with st.container(horizontal=True, gap="small"):
        for words, to in (("One earlier", seq - 1), ("One later", seq + 1)):
            st.button(
                words,
                key=f"{place.slider}_{words}",
                on_click=_go,
                args=(place, to),
                disabled=not 1 <= to <= latest,
            )
        st.button(
            "Now",
            key=f"{place.slider}_now",
            on_click=_to_now,
            args=(place,),
            disabled=when.at is None and when.seq is None,
        )


def shown_at(when: When, then: MomentThen | None) -> datetime:
    """A time at which it was so: the one that was asked for, if one was."""
    if when.at is not None:
        return when.at
    if then is None or (when.seq is None and then.until is None):
        return now()
    return _within(then)


def keep(environment: str) -> None:
    """Look at the same time when the environment becomes another one.

    A sequence number is of one environment, and says nothing in another.  One that
    was not looked at before comes from a link, and means what it says.
    """
    before, seen = st.session_state.get(_SEEN, (environment, {}))
    for place in (FIRST, SECOND):
        seq, at = seen.get(place.seq, ("", None))
        if before != environment and st.query_params.get(place.seq) == seq:
            _to_now(place)
            st.query_params[place.at] = written(at)


def remember(environment: str, place: Place, then: MomentThen | None) -> None:
    """What time the moment was that is looked at, for `keep`."""
    before, seen = st.session_state.get(_SEEN, (environment, {}))
    kept = dict(seen) if before == environment else {}
    if then is not None:
        kept[place.seq] = str(then.seq), _within(then)
    st.session_state[_SEEN] = environment, kept


def written(at: datetime) -> str:
    """As it stands in an address: `2026-05-03T14:07:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _within(then: MomentThen) -> datetime:
    """The first full minute of a moment; its beginning, if it has none."""
    minute = then.at.replace(second=0, microsecond=0)
    if minute < then.at:
        minute += _MINUTE
    return minute if minute < (then.until or now()) else then.at


def _nearest(when: When, latest: int) -> int:
    before_all = when.at is not None and when.at < now()
    return 1 if before_all else latest


def _slide(place: Place, seq: int, latest: int) -> None:
    if latest == 1:
        st.caption("One moment so far: seq 1.")
        return
    st.session_state[place.slider] = min(seq, latest)
    st.slider(
        f"{place.name}, by its sequence number",
        1,
        latest,
        key=place.slider,
        on_change=_slid,
        args=(place,),
    )


def _clock(place: Place, at: datetime) -> None:
    local = at.astimezone(zone())
    st.session_state[place.clock] = local.replace(tzinfo=None, second=0, microsecond=0)
    st.datetime_input(
        f"{place.name}, by day and time ({local:%Z})",
        key=place.clock,
        step=60,
        format="YYYY-MM-DD",
        on_change=_set,
        args=(place,),
    )


def _slid(place: Place) -> None:
    _go(place, int(st.session_state[place.slider]))


def _go(place: Place, seq: int) -> None:
    st.query_params.pop(place.at, None)
    st.query_params[place.seq] = str(seq)


def _set(place: Place) -> None:
    chosen = st.session_state[place.clock]
    _to_now(place)
    if isinstance(chosen, datetime):
        st.query_params[place.at] = written(chosen.replace(tzinfo=zone()))


def _to_now(place: Place) -> None:
    for name in (place.at, place.seq):
        st.query_params.pop(name, None)


def _parsed(place: Place, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Invalid(
        "the address has no time that can be read",
        hint=f"Write it with its time zone, as ?{place.at}=2026-05-03T14:07:00Z.",
    )
