"""What reads differently: every text, also where only what it includes has changed.

The same words in several documents are shown once, under the prompts first.  What
reads as before in spite of an edit, such as a binding, is shown by its own text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile

import streamlit as st

from registry.remote.changes import ChangeView, Fact
from registry.remote.differences import (
    Advice,
    Difference,
    DocumentDifference,
    EffectDifference,
)
from ui.parts.hints import here
from ui.parts.marks import mark
from ui.parts.proposals.drawing import (
    SIDES,
    SOURCE,
    UNIFIED,
    WHOLE,
    Wording,
    short,
    show_all,
)
from ui.parts.text import shown_line

_INCLUDING = ("prompts/", "fragments/")
_ORDER = ("prompts", "fragments", "glossaries", "guardrails", "bindings", "bots")


def wordings(found: Difference) -> tuple[Wording, ...]:
    """What is read differently, and the source of what is edited and reads alike."""
    steps = {one.document: step(one) for one in found.documents}
    alike: dict[object, list[EffectDifference]] = {}
    for one in sorted(found.effect, key=_prompts_first):
        if one.before != one.after and _is_composed(one.document, steps):
            alike.setdefault(_edits(one), []).append(one)
    read = {one.document for those in alike.values() for one in those}
    return (
        *(_wording(those, steps) for those in alike.values()),
        *(_as_before(one) for one in sources(found) if one.documents[0] not in read),
    )


def sources(found: Difference) -> tuple[Wording, ...]:
    ordered = sorted(found.documents, key=lambda one: _rank(one.document))
    return tuple(map(sourced, ordered))


def sourced(one: DocumentDifference) -> Wording:
    return Wording(
        documents=(one.document,),
        how=step(one),
        reads=False,
        before=one.before.source if one.before else None,
        after=one.after.source if one.after else None,
        rules=one.rules,
    )


def _as_before(one: Wording) -> Wording:
    """What is edited, and says to a model what it said before."""
    if not one.documents[0].startswith(_INCLUDING):
        return one
    return replace(one, how=f"{one.how}, reads as before")


def step(one: DocumentDifference) -> str:
    """`1.0.0 to 1.1.0`, `new, 1.0.0`, `1.0.0, deleted`."""
    if one.document.startswith("policy/"):
        return "another policy"
    if one.before is None:
        return f"new, {one.after.version if one.after else ''}"
    if one.after is None:
        return f"{one.before.version}, deleted"
    if one.before.version == one.after.version:
        return one.after.version
    return f"{one.before.version} to {one.after.version}"


def show(change: ChangeView, found: Difference) -> None:
    """All of it, in the way that somebody chooses."""
    texts = wordings(found)
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.html(
        '<h2 class="part wording" id="wording">What reads differently '
        f"{_touched(change, texts)}</h2>"
    )
    with right.container(horizontal=True, horizontal_alignment="right"):
        how = st.segmented_control(
            "How the texts are shown",
            (SIDES, UNIFIED, SOURCE, WHOLE),
            default=SIDES,
            required=True,
            key="how",
            label_visibility="collapsed",
        )
    if change.type == "resume":
        chosen = _since_stopped(change)
    else:
        chosen = sources(found) if how == SOURCE else texts
        if not chosen:
            st.info("No text reads differently.")
    show_all(named_first(chosen, change.facts), str(how), f"wording-{change.id}")
    if found.warnings:
        st.html("".join(map(_warned, found.warnings)))


def named_first(texts: Iterable[Wording], facts: Iterable[Fact]) -> list[Wording]:
    """What a fact names, such as a weaker guardrail, before what is only reworded."""
    named = {
        document
        for fact in facts
        if fact.name != "wording-only"
        for document in fact.documents
    }
    return sorted(texts, key=lambda one: named.isdisjoint(one.documents))


def _since_stopped(change: ChangeView) -> tuple[Wording, ...]:
    """What a bot that is to answer again is told otherwise than before its stop."""
    # It links to pages, which there are in a running script only; texts are compared
    # without one as well.
    from ui.parts.proposals import resuming

    effect = tuple(
        EffectDifference(
            document=one.document,
            tier="",
            owners=(),
            before=one.before.reads if one.before else None,
            after=one.after.reads if one.after else None,
        )
        for one in resuming.moved_since(change)
    )
    found = wordings(Difference(documents=(), effect=effect, warnings=()))
    return tuple(replace(one, how="since it was stopped") for one in found)


def _touched(change: ChangeView, texts: Sequence[Wording]) -> str:
    """How many documents, and by what: an edit, or what they use."""
    edited = len(change.edits)
    prompts = {
        name
        for one in texts
        for name in one.documents
        if one.reads and name.startswith("prompts/")
    }
    told = [f"{_count(edited, 'document')} edited"] if edited else []
    if prompts:
        reads = "reads" if len(prompts) == 1 else "read"
        told.append(f"{_count(len(prompts), 'prompt')} {reads} differently")
    if not change.edits:
        return ""
    more = len(change.effect) - len({e.document for e in change.edits} | prompts)
    if more > 0:
        told.append(f"{more} more {'uses' if more == 1 else 'use'} them")
    return f'<span class="muted">{" · ".join(told)}</span>'


def _wording(those: Sequence[EffectDifference], steps: dict[str, str]) -> Wording:
    first = those[0]
    edited = [one.document for one in those if one.document in steps]
    by = ", ".join(f"{short(name)} {steps[name]}" for name in edited[:2])
    if len(those) == 1 and edited:
        how = steps[edited[0]]
    else:
        how = f"by {by}" if by else "by what they use"
    return Wording(
        documents=tuple(one.document for one in those),
        reads=True,
        how=how,
        before=first.before,
        after=first.after,
        each=tuple(those),
    )


def _is_composed(document: str, steps: dict[str, str]) -> bool:
    """Whether what it reads like says more than its own text."""
    return document.startswith(_INCLUDING) or document not in steps


def _edits(one: EffectDifference) -> object:
    """From the first to the last line that differs: quick, also for a thousand."""
    if one.before is None or one.after is None:
        return one.document
    old, new = one.before.split("\n"), one.after.split("\n")
    begin = _alike(zip(old, new, strict=False))
    end = _alike(zip(old[begin:][::-1], new[begin:][::-1], strict=False))
    return tuple(old[begin : len(old) - end]), tuple(new[begin : len(new) - end])


def _alike(lines: Iterable[tuple[str, str]]) -> int:
    """How many pairs are alike, before the first one that is not."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], lines))


def _prompts_first(one: EffectDifference) -> tuple[int, str]:
    return _rank(one.document), one.document


def _rank(document: str) -> int:
    kind = document.partition("/")[0]
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _warned(one: Advice) -> str:
    place = f"{one.document}, line {one.line}" if one.line else one.document
    told = shown_line(f"{place}: {one.message}")
    return (
        f'<p class="tight">{mark("worth a look", "amber")}{told} '
        f'<span class="muted">{shown_line(here(one.hint))}</span></p>'
    )
