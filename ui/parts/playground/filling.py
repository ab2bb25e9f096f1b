"""Filling in: a widget for each input, by its type, and the turns before.

What was typed is kept by the document and the input's name, so that it stays while
another version, or another prompt of the same bot, is looked at.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ui.parts.playground import inputs, turns
from ui.parts.playground.inputs import Given, Input
from ui.parts.text import label, plain, shown_line

KEPT = "_playground_typed"
CASE = "_playground_case"

Case = Mapping[str, Any]


def fill(
    of: str, fields: Sequence[Input], names: Sequence[str], cases: Sequence[Case]
) -> tuple[dict[str, object], str]:
    """Show the fields; the values, and what is missing of them in a sentence.

    Args:
        of: The document that the values are kept for.
        names: Of placeholders.
    """
    # What comes and goes has a place of its own: a field that is moved while somebody
    # writes in it is a new field to the browser, and is empty.
    with st.container():
        _head(of, fields, names, cases)
    values: dict[str, object] = {}
    missing: list[str] = []
    for field in fields:
        with st.container(gap="xsmall"):
            found = _field(of, field)
        if found.is_there:
            values[field.name] = found.value
        elif found.wrong:
            missing.append(field.name)
    for name in names:
        values[name] = turns.show(of, name)
    if not fields and not names:
        st.caption("This prompt takes no values: it is always the same.")
    return values, _sentence(missing, bool(cases))


def _head(
    of: str, fields: Sequence[Input], names: Sequence[str], cases: Sequence[Case]
) -> None:
    if cases:
        st.selectbox(
            "Fill in a case of the document",
            range(len(cases)),
            index=None,
            format_func=lambda n: plain(str(cases[n].get("name", n + 1)), 200),
            key=CASE,
            placeholder="Choose one to fill in its values",
            on_change=_take,
            args=(of, fields, names, cases),
        )
    if _typed(of) or any(turns.kept(of, name) for name in names):
        st.button(
            "Empty all fields",
            icon=":material/ink_eraser:",
            type="tertiary",
            on_click=_put,
            args=(of, fields, names, {}),
        )


def _take(
    of: str, fields: Sequence[Input], names: Sequence[str], cases: Sequence[Case]
) -> None:
    chosen = st.session_state.get(CASE)
    if chosen is None:
        return
    given = cases[chosen].get("inputs")
    _put(of, fields, names, given if isinstance(given, dict) else {})
    st.session_state[CASE] = None  # so that it can be taken again


def _put(
    of: str, fields: Sequence[Input], names: Sequence[str], given: Mapping[str, Any]
) -> None:
    """Fill in exactly *given*: what it leaves out is left to its default."""
    typed = _typed(of)
    typed.clear()
    for field in fields:
        raw = inputs.empty_of(field)
        if field.name in given:
            raw = inputs.raw_of(field, given[field.name])
            typed[_kept(field)] = raw
        st.session_state[_key(of, field)] = raw
    for name in names:
        turns.empty(of, name)


def _typed(of: str) -> dict[str, object]:
    all_of: dict[str, dict[str, object]] = st.session_state.setdefault(KEPT, {})
    return all_of.setdefault(of, {})


def _kept(field: Input) -> str:
    return f"{field.kind}:{field.name}"


def _key(of: str, field: Input) -> str:
    return f"_playground_value:{of}:{_kept(field)}"


def _field(of: str, field: Input) -> Given:
    key, kept = _key(of, field), _kept(field)
    typed = _typed(of)
    raw = typed.get(kept, inputs.empty_of(field))
    if field.kind == "choice" and raw not in (None, *field.options):
        offered = inputs.wanted(field.schema)
        _say(f"{raw} was chosen, which this version does not offer: give {offered}.")
        raw = None
    st.session_state[key] = raw
    raw = _widget(field, key, (of, field))
    found = inputs.given(field, raw)
    if found.wrong:
        is_new = not found.is_there and raw in (None, "")
        _say(found.wrong, tone="muted" if is_new else "wrong")
    elif raw == "" and found.is_there:
        _say("It is given as an empty text.", tone="muted")
    return found


def _widget(field: Input, key: str, args: tuple[str, Input]) -> object:
    name = label(field.name) + (" · required" if field.required else "")
    help_ = label(field.description, 600) or None
    default = "" if field.default is None else _default(field.default)
    if field.kind == "boolean":
        return st.segmented_control(
            name,
            [True, False],
            format_func=lambda one: "true" if one else "false",
            key=key,
            help=help_,
            on_change=_keep,
            args=args,
        )
    if field.kind == "choice":
        return st.selectbox(
            name,
            field.options,
            index=None,
            format_func=_option,
            key=key,
            help=help_,
            placeholder=default or "Choose one",
            on_change=_keep,
            args=args,
        )
    if field.kind == "whole":
        return st.number_input(
            name,
            value=None,
            step=1,
            key=key,
            help=help_,
            placeholder=default or None,
            on_change=_keep,
            args=args,
        )
    return _text(field, key, args, (name, help_, default))


def _text(
    field: Input,
    key: str,
    args: tuple[str, Input],
    words: tuple[str, str | None, str],
) -> object:
    name, help_, default = words
    hint = default or _example(field)
    if field.kind in ("line", "number"):
        return st.text_input(
            name, key=key, help=help_, placeholder=hint, on_change=_keep, args=args
        )
    return st.text_area(
        f"{name} · as JSON" if field.kind == "json" else name,
        key=key,
        height=84,
        help=help_,
        placeholder=hint,
        on_change=_keep,
        args=args,
    )


def _keep(of: str, field: Input) -> None:
    _typed(of)[_kept(field)] = st.session_state[_key(of, field)]


def _example(field: Input) -> str:
    if field.schema.get("format") == "date":
        return "YYYY-MM-DD"
    if field.kind == "json":
        return "[]" if field.schema.get("type") == "array" else "{}"
    return ""


def _default(default: str) -> str:
    text = default[1:-1] if default.startswith('"') else default
    return plain(f"Without it: {text or 'an empty text'}")


def _option(option: str) -> str:
    return plain(option[1:-1] if option.startswith('"') else option)


def _say(sentence: str, *, tone: str = "wrong") -> None:
    st.html(f'<p class="field {tone}">{shown_line(sentence)}</p>')


def _sentence(missing: Sequence[str], has_cases: bool) -> str:
    if not missing:
        return ""
    *others, last = missing
    names = f"{', '.join(others)} and {last}" if others else last
    case = ", or choose a case" if has_cases else ""
    return f"Nothing can be sent yet: fill in {names}{case}."
