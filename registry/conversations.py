"""Conversations: what a bot was given, read from a log, and what came of it.

A log is JSON lines, format 1.  A line has what was given:

 * `prompt` (its role in the bot) and `inputs`, with the messages of placeholders,
   which are left out where the line has none; or
 * `text` or `tool_call`, with `stage` (`output` if it is left out) and, for one
   guardrail alone, `guardrail` (its role or its name); or both.

It says when with what the chatbot's `bot.log_fields()` gives: `placet_bot`,
`placet_environment`, `placet_seq` and `placet_bundle`.  `bot`, `environment`, `seq`
and `bundle` say the same for lines that were written by hand.  What came of it then
may be there too: `messages`, and `action` of the guardrails; it counts as what was
recorded, and is not made again.  Everything else in a line is the log's own.

A line that says nothing to replay is an error: leaving it out would look like
"nothing differs".
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from registry.errors import Invalid, NotFound, TooLarge
from registry.renderings import Messages, Told, check, placeholders, render

FORMAT = 1
MAX_LINE_BYTES = 2**20
MAX_LINES = 10_000

_Line = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One line of a log.

    Attributes:
        number: Of the line, from 1.
        stopped: Whether the bot was stopped then, and said its fallback.
        messages: What the prompt came to then, if that was recorded.
        action: What the guardrails did then, if that was recorded.
    """

    number: int
    bot: str
    environment: str | None
    seq: int | None
    bundle: str | None
    stopped: bool
    prompt: str | None
    inputs: Mapping[str, object]
    guardrail: str | None
    stage: str
    text: str | None
    tool_call: Mapping[str, object] | None
    messages: Messages | None
    action: str | None

    @property
    def is_recorded(self) -> bool:
        """Whether everything that came of it was recorded."""
        checks = self.text is not None or self.tool_call is not None
        return (self.prompt is None or self.messages is not None) and (
            not checks or self.action is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of a turn.

    Attributes:
        messages: `None` if no prompt was given, or it could not be rendered.
        action: `None` if no text was given, or it could not be checked.
        text: After redaction.
        rules: What found something.
        problems: Why something could not be done.
    """

    messages: Messages | None
    action: str | None
    text: str | None
    rules: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing that was asked for could be done."""
        return self.messages is None and self.action is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that differs; `None` where there is nothing.

    Attributes:
        what: `messages`, `action`, `text`, `rules` or `problems`.
    """

    what: str
    before: str | None
    after: str | None


def parse_turn(number: int, data: bytes) -> Turn:
    """Read one line.

    Raises:
        Invalid: The line, which the message names, is none that can be replayed.
        TooLarge: It has more than a MiB.
    """
    if len(data) > MAX_LINE_BYTES:
        raise TooLarge(
            f"line {number} has more than {MAX_LINE_BYTES:,} bytes",
            hint="Log the inputs of one turn a line.",
        )
    line = _object(number, data)
    _check_format(number, line)
    call = _mapping(number, line, "tool_call")
    stage = _text(number, line, "stage")
    return Turn(
        number=number,
        bot=(_placed(number, line, "bot") or "").removeprefix("bots/"),
        environment=_placed(number, line, "environment"),
        seq=_seq(number, line),
        bundle=_placed(number, line, "bundle"),
        stopped=line.get("placet_stopped") is True,
        prompt=_text(number, line, "prompt"),
        inputs=_mapping(number, line, "inputs") or {},
        guardrail=_text(number, line, "guardrail"),
        stage=stage or ("output" if call is None else "tool_call"),
        text=_text(number, line, "text"),
        tool_call=call,
        messages=_messages(number, line),
        action=_text(number, line, "action"),
    )


def play(turn: Turn, told: Told) -> Came:
    """What comes of *turn* with a bot that was *told* this."""
    messages: Messages | None = None
    action: str | None = None
    text: str | None = None
    rules: tuple[str, ...] = ()
    problems: list[str] = []
    if turn.prompt is not None:
        try:
            prompt = told.prompt(turn.prompt)
            absent: dict[str, object] = {name: [] for name in placeholders(prompt)}
            messages = render(prompt, {**absent, **turn.inputs})
        except (NotFound, Invalid) as error:
            problems.append(str(error))
    if turn.text is not None or turn.tool_call is not None:
        try:
            guardrails = told.guarding(turn.guardrail)
            outcome = check(guardrails, turn.stage, turn.text, turn.tool_call)
        except (NotFound, Invalid) as error:
            problems.append(str(error))
        else:
            action, text = outcome.action.value, outcome.text
            found = (
                f"{one.guardrail}: {one.rule}"
                + ("" if one.error is None else f" (not run: {one.error})")
                for one in outcome.findings
            )
            rules = tuple(dict.fromkeys(found))
    return Came(
        messages=messages,
        action=action,
        text=text,
        rules=rules,
        problems=tuple(problems),
    )


def differences(turn: Turn, before: Came | None, after: Came) -> Iterator[Difference]:
    """How *after* differs from *before*, or from what was recorded of the turn.

    Args:
        before: `None` if everything was recorded.
    """
    messages = turn.messages or (before.messages if before else None)
    pairs = [("messages", spoken(messages), spoken(after.messages))]
    action = turn.action or (before.action if before else None)
    pairs.append(("action", action, after.action))
    if before is not None:
        pairs += [
            ("text", before.text, after.text),
            ("rules", _joined(before.rules), _joined(after.rules)),
            ("problems", _joined(before.problems), _joined(after.problems)),
        ]
    elif after.problems:
        pairs.append(("problems", None, _joined(after.problems)))
    for what, old, new in pairs:
        if old != new:
            yield Difference(what=what, before=old, after=new)


def spoken(messages: Messages | None) -> str | None:
    """Messages as text: what is said, by whom."""
    if messages is None:
        return None
    return "\n\n".join(f"[{one.get('role')}]\n{_said(one)}" for one in messages)


def _said(message: Mapping[str, object]) -> str:
    """What a message says, and whatever else a caller's own one has."""
    content = message.get("content")
    others = {k: v for k, v in message.items() if k not in {"role", "content"}}
    told = content if isinstance(content, str) else json.dumps(content)
    return told + (f"\n{json.dumps(others, sort_keys=True)}" if others else "")


def _joined(texts: tuple[str, ...]) -> str | None:
    return "\n".join(texts) or None


def _object(number: int, data: bytes) -> _Line:
    try:
        line: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _unreadable(number, "is no JSON") from error
    if not isinstance(line, dict):
        raise _unreadable(number, "is no JSON object")
    return line


def _check_format(number: int, line: _Line) -> None:
    """Raises:
    Invalid: It says too little, or is of another format.
    """
    if line.get("format", FORMAT) != FORMAT:
        raise _unreadable(number, f"is of format {str(line['format'])[:40]!r}")
    if not line.get("placet_bot") and not line.get("bot"):
        if "placet_prompt" in line:
            raise _unreadable(number, "was logged with a single prompt, without a bot")
        raise _unreadable(number, "names no bot")
    if all(line.get(key) is None for key in ("prompt", "text", "tool_call")):
        if "messages" in line:
            raise _unreadable(number, "has messages, but not what they were made from")
        raise _unreadable(number, "has nothing to replay")
    if line.get("prompt") is not None and line.get("inputs") is None:
        raise _unreadable(number, "names a prompt, but no `inputs`")


def _placed(number: int, line: _Line, key: str) -> str | None:
    """What the chatbot's log fields say, or whoever wrote the line by hand."""
    logged = f"placet_{key}"
    return _text(number, line, logged if logged in line else key)


def _seq(number: int, line: _Line) -> int | None:
    found = line.get("placet_seq", line.get("seq"))
    if found is None:
        return None
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise _unreadable(number, "has a seq that is none")
    return found


def _text(number: int, line: _Line, key: str) -> str | None:
    found = line.get(key)
    if found is not None and not isinstance(found, str):
        raise _unreadable(number, f"has a `{key}` that is no text")
    return found


def _mapping(number: int, line: _Line, key: str) -> dict[str, object] | None:
    found = line.get(key)
    if found is not None and not isinstance(found, dict):
        raise _unreadable(number, f"has `{key}` that is no object")
    return found


def _messages(number: int, line: _Line) -> Messages | None:
    found = line.get("messages")
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(m, dict) for m in found):
        raise _unreadable(number, "has `messages` that are no list of messages")
    return tuple(cast("list[dict[str, object]]", found))


def _unreadable(number: int, what: str) -> Invalid:
    return Invalid(
        f"line {number} {what}",
        hint="A line is JSON with placet_bot, prompt and inputs, or text; "
        "docs/at-night.md has the format.",
    )
