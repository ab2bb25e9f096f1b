"""The policy of one environment: in words, as text, and how it came to be."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from registry.remote import Remote
from registry.remote.ledger import Wanted
from registry.remote.policies import Explanation, Gap, Policy
from ui.parts.choosing import choice
from ui.parts.differences import unified, whole
from ui.parts.facts import headed
from ui.parts.hints import here
from ui.parts.links import change_link, event_link
from ui.parts.marks import mark, table
from ui.parts.terms import term
from ui.parts.text import plain, sentence, shown_line
from ui.parts.times import ago_html, day

MOST = 50
_FORMS = {"words": "In words", "text": "As text", "history": "How it came to be"}


def show(registry: Remote, environment: str) -> None:
    policy = registry.policies.get(environment)
    st.html(_since(registry, policy))
    form = choice("Form", _FORMS, of="form", default="words", shown=False)
    if form == "text":
        _text(policy)
    elif form == "history":
        _history(registry, environment)
    else:
        explained = registry.policies.explain(environment)
        show_gaps(explained.gaps)
        st.html(in_words(explained))


def in_words(explained: Explanation) -> str:
    """HTML: whom the policy asks for what, and everything else that it says."""
    asked = table(
        "Who must agree to what",
        ("Requirement", "Asks"),
        [
            (shown_line(one.name), shown_line(one.asks))
            for one in explained.requirements
        ],
    )
    rest = "".join(
        headed(one.about, _list(one.sentences)) for one in explained.settings
    )
    every = (
        f'<p class="muted">Every {term("requirement")} that fits applies; none takes '
        "the place of another. Nobody agrees to what they worked on.</p>"
    )
    return headed("Who must agree to what", every + asked) + rest


def _list(sentences: tuple[str, ...]) -> str:
    lines = "".join(f"<li>{shown_line(one)}</li>" for one in sentences)
    return f'<ul class="sentences">{lines}</ul>'


def show_gaps(gaps: tuple[Gap, ...]) -> None:
    """What the policy leaves to nobody; nothing where there is nothing."""
    told = dict.fromkeys((one.sentence, here(one.hint)) for one in gaps)
    if not told:
        return
    lines = "".join(
        f"<li>{shown_line(sentence(what))} "
        f'<span class="muted">{shown_line(hint)}</span></li>'
        for what, hint in told
    )
    count = f"{len(told)} gap" if len(told) == 1 else f"{len(told)} gaps"
    with st.container(border=True):
        st.html(
            f"<p>{mark(count, 'amber')}What this policy leaves to nobody, or to "
            f'people who are not there:</p><ul class="sentences">{lines}</ul>'
        )


def _since(registry: Remote, policy: Policy) -> str:
    acts = list(registry.ledger.acts(after=policy.since - 1, limit=1))
    if not acts:
        return f"<p>In force since event {event_link(policy.since)}.</p>"
    act = acts[0]
    came = f"by {change_link(act.change)}" if act.change else "from the beginning"
    return (
        f'<p class="tight muted">In force since {day(act.at)} ({ago_html(act.at)}), '
        f"{came}, event {event_link(act.event)}.</p>"
    )


def _text(policy: Policy) -> None:
    st.html(whole(f"The policy of {policy.environment}", policy.source))
    st.download_button(
        "Download",
        policy.source,
        file_name=f"{plain(policy.environment)}.yaml",
        mime="application/yaml",
        icon=":material/download:",
    )


def _history(registry: Remote, environment: str) -> None:
    """Each policy there was, newest first, with what it changed."""
    found = list(_events(registry, environment))
    for (event, digest), older in zip(found, [*found[1:], None], strict=True):
        payload = event["payload"]
        at = _moment(event)
        link = change_link(payload.get("change"))
        by = f"by {link}" if link else "with the beginning of the registry"
        with st.container(border=True):
            st.html(
                f'<p class="tight"><strong>{day(at)}</strong>, {ago_html(at)}: {by}, '
                f"event {event_link(event['number'])}</p>"
            )
            if older is None:
                if len(found) == 1:
                    st.caption("It has not been changed since.")
                continue
            if st.toggle("What changed", key=f"changed-{event['number']}"):
                before, after = (
                    registry.ledger.text(one).decode() for one in (older[1], digest)
                )
                st.html(unified("What changed", before, after))


def _events(
    registry: Remote, environment: str
) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The events that put a policy in force, newest first, each with its digest."""
    wanted = Wanted(environment=environment, type="policy-activated")
    newest = list(registry.ledger.events(wanted, limit=MOST, newest_first=True))
    for event in newest:
        yield event, str(event["payload"]["digest"])
    if len(newest) == MOST:
        return
    for event in registry.ledger.events(limit=1):
        for one in event["payload"].get("environments", ()):
            if one["environment"] == environment:
                yield event, str(one["digest"])


def _moment(event: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(event["at"]))
