"""Answers: what a bot's model says, where the registry has a key for it.

Nothing is sent before somebody presses a button that says where to, and once however
often it is pressed meanwhile: it costs each time.  What came back stays in this tab,
with what it was an answer to.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from registry.errors import RegistryError
from registry.remote import Remote
from registry.remote.answers import Answer, Askable
from ui.parts import differences, done, frame
from ui.parts.facts import facts
from ui.parts.marks import mark
from ui.parts.playground.guarding import guarded_html
from ui.parts.playground.told import Subject, Told
from ui.parts.text import label, shown_line

KEPT, _FAILED = "_playground_answers", "_playground_failed"
MAX_KEPT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What would be sent.

    Attributes:
        missing: What is missing of the values, in a sentence.
    """

    subject: Subject
    role: str
    values: Mapping[str, object]
    missing: str


def show(remote: Remote, question: Question, after: Told, before: Told | None) -> None:
    sides = [one for one in (before, after) if one is not None]
    if not question.subject.is_bot:
        st.info(
            "A prompt by itself is bound to no model. Choose the bot that uses it, and "
            "it can be asked here what it would answer."
        )
        return
    found = [(one, _askable(remote, question.subject, one)) for one in sides]
    ready = [(one, models) for one, models in found if models]
    if not ready:
        return
    role = _role(ready[-1][1])
    asked = once(
        [(told, one) for told, models in ready for one in models if one.role == role]
    )
    why_not = next((one.you.why_not for _, one in asked if one.you.why_not), None)
    if why_not is not None:
        st.info(label(why_not, 400), icon=":material/lock:")
        return
    if not any(one.why_not is None for _, one in asked):
        _explain([one for _, one in asked])
        return
    _ask(remote, question, asked)
    columns = st.columns(len(asked)) if asked else []
    for column, (told, binding) in zip(columns, asked, strict=True):
        with column:
            _answered(question, told, binding)


def once(asked: list[tuple[Told, Askable]]) -> list[tuple[Told, Askable]]:
    """Of two sides with the same bytes only what is looked at: it costs once."""
    return list({told.digest: (told, one) for told, one in asked}.values())


def _askable(remote: Remote, subject: Subject, told: Told) -> list[Askable]:
    """Its models; empty where there are none, which is said."""
    if told.why_not or told.stopped:
        why = told.why_not or "A model is asked again once the bot answers again."
        st.info(label(f"{told.name}: {why}", 400))
        return []
    try:
        found = list(
            remote.answers.askable(subject.environment, subject.name, **_of(told))
        )
    except RegistryError as error:
        frame.show_error(error)
        return []
    if not found:
        st.info(label(f"{told.name}, it is bound to no model.", 400))
    return found


def _of(told: Told) -> dict[str, int | None]:
    if told.change is not None:
        return {"change": told.change}
    return {"seq": told.seq}


def _role(models: list[Askable]) -> str:
    roles = [one.role for one in models]
    if len(roles) == 1:
        return roles[0]
    first = roles.index("main") if "main" in roles else 0
    return st.selectbox(
        "Model, by its role",
        roles,
        index=first,
        format_func=lambda one: one,
        key="_playground_model",
        width=320,
    )


def _explain(models: list[Askable]) -> None:
    """Why nothing can be asked, and who makes that another way."""
    one = models[-1]
    st.info(
        label(
            f"This bot is answered for by {one.model} on {one.platform}, which cannot "
            f"be asked from here: {one.why_not}.",
            500,
        ),
        icon=":material/key_off:",
    )
    st.html(
        '<p class="tight">Everything else on this page works without a key: it is '
        "computed here, with the code that chatbots run, and nothing is sent.</p>"
        '<p class="tight">To see answers, whoever runs the registry lists the model '
        "in a file that stays outside it and starts <code>placet serve --model-keys "
        "FILE</code>. Under <em>Asking a model from the registry</em>, "
        "<code>docs/bindings.md</code> has the form of that file. Nobody enters a key "
        "in the browser.</p>"
    )


def _ask(remote: Remote, question: Question, asked: list[tuple[Told, Askable]]) -> None:
    can = [(told, one) for told, one in asked if one.why_not is None]
    for told, one in asked:
        if one.why_not is not None:
            why = f"{told.name}, {one.model} cannot be asked"
            st.warning(label(f"{why}: {one.why_not}.", 400))
    places = dict.fromkeys(f"{one.model} on {one.platform}" for _, one in can)
    times = " of both versions" if len(can) > 1 else ""
    st.html(
        '<p class="tight">The messages are sent to the platform as they stand under '
        "<em>Messages</em>, with what was filled in. It costs what the platform takes "
        "for it. The registry keeps neither question nor answer.</p>"
    )
    if question.missing:
        st.caption(label(question.missing, 400))
    if st.button(
        label(f"Send the messages{times} to {' and '.join(places)}", 200),
        type="primary",
        icon=":material/send:",
        disabled=bool(question.missing),
        wrap=True,
        key="_playground_send",
    ):
        _send(remote, question, can)


def _send(remote: Remote, question: Question, can: list[tuple[Told, Askable]]) -> None:
    kept: dict[str, Answer | RegistryError] = st.session_state.setdefault(KEPT, {})
    failed: list[str] = st.session_state.setdefault(_FAILED, [])

    def keep(answers: Mapping[str, Answer | RegistryError]) -> done.Happened:
        for key, answer in answers.items():
            kept.pop(key, None)
            kept[key] = answer
            if isinstance(answer, RegistryError):
                failed.append(key)
        while len(kept) > MAX_KEPT:
            del kept[next(iter(kept))]
        return done.Happened(said="")

    sides = tuple(
        _Side(key=_key(question, told, one), binding=one.role, of=_of(told))
        for told, one in can
    )
    waited = " and ".join(f"{one.model}, {told.words}" for told, one in can)
    with st.spinner(label(f"Waiting for {waited}", 200)):
        # After a failure, another press is not the same click once more.
        act = partial(_Asked(remote).now, question, sides, tries=len(failed))
        done.attempt(act, keep)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One of the versions that are asked.

    Attributes:
        key: What its answer is an answer to.
        of: Which version, as the registry is asked for it.
    """

    key: str
    binding: str
    of: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class _Asked:
    remote: Remote

    def now(
        self, question: Question, sides: tuple[_Side, ...], *, tries: int
    ) -> dict[str, Answer | RegistryError]:
        """What each of *sides* says: one that fails leaves the other its answer."""
        del tries  # makes another intention of another press
        return {one.key: self._one(question, one) for one in sides}

    def _one(self, question: Question, side: _Side) -> Answer | RegistryError:
        subject = question.subject
        try:
            return self.remote.answers.ask(
                subject.environment,
                subject.name,
                question.role,
                question.values,
                binding=side.binding,
                **side.of,
            )
        except RegistryError as error:
            return error


def _key(question: Question, told: Told, binding: Askable) -> str:
    """What an answer is an answer to."""
    return json.dumps(
        [
            question.subject.environment,
            question.subject.document,
            question.role,
            binding.role,
            told.digest,
            question.values,
        ],
        sort_keys=True,
    )


def _answered(question: Question, told: Told, binding: Askable) -> None:
    found = st.session_state.get(KEPT, {}).get(_key(question, told, binding))
    if found is None and binding.why_not is not None:
        return
    st.html(f'<h2 class="part">{shown_line(told.name)}</h2>')
    if found is None:
        st.caption("Not asked yet with these values.")
    elif isinstance(found, RegistryError):
        frame.show_error(found)
    else:
        st.html(_answer(found, f"Answer, {told.words}"))


def _answer(one: Answer, name: str) -> str:
    text = differences.whole(name, one.text) if one.text else "<p>An empty text.</p>"
    rows = [
        (
            "Answered by",
            shown_line(one.model or "the platform did not say") + _other(one),
        ),
        ("Ended", shown_line(one.finish_reason or "the platform did not say")),
        ("Took", f"{one.duration_s:.1f} s"),
        ("Tokens", _tokens(one)),
        ("Was sent", f"{one.characters:,} characters, {shown_line(one.asked)}"),
        ("Not sent", shown_line(", ".join(one.left_out))),
    ]
    return (
        f"{text}<h3 class='part'>What the guardrails say of it</h3>"
        f"{guarded_html(one.guarded, one.text)}{facts('About the answer', rows)}"
    )


def _other(one: Answer) -> str:
    if one.model is None or one.model == one.expected_model:
        return ""
    return f" {mark('agreed to is', 'amber')}{shown_line(one.expected_model)}"


def _tokens(one: Answer) -> str:
    if one.input_tokens is None or one.output_tokens is None:
        return f"about {one.estimated_tokens:,} in, by estimate"
    return f"{one.input_tokens:,} in, {one.output_tokens:,} out"
