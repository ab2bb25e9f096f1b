"""Answers: what a bot would say, by the model that its binding names.

What each member means is told by `registry.api.views.answers`; here it is as it comes
over the wire.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry.remote.connection import Connection, place
from registry.remote.guardrails import Hit

TIMEOUT_S = 75.0
"""A model may take a minute, and the registry needs a moment itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whether whoever asks may; `why_not` is `None` if so."""

    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Askable:
    """A binding of a bot; `why_not` says why its model cannot be asked from there."""

    role: str
    binding: str
    version: str
    platform: str
    model: str
    why_not: str | None
    you: Asking


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardrailHit(Hit):
    guardrail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """What the bot's guardrails say of an answer; `text` is it after redaction."""

    action: str
    allowed: bool
    text: str
    findings: tuple[GuardrailHit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    environment: str
    bot: str
    seq: int
    bundle: str
    prompt: str
    prompt_version: str
    role: str
    binding: str
    binding_version: str
    messages: tuple[dict[str, object], ...]
    characters: int
    estimated_tokens: int
    asked: str
    model: str | None
    expected_model: str
    text: str
    finish_reason: str | None
    input_tokens: int | None
    output_tokens: int | None
    duration_s: float
    left_out: tuple[str, ...]
    guarded: Guarded


class Answers:
    """Of a bot as it is, at a seq, or as an open change would have it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def askable(
        self,
        environment: str,
        bot: str,
        *,
        seq: int | None = None,
        change: int | None = None,
    ) -> Iterator[Askable]:
        """Its models, and whether they can be asked from there."""
        path = place("v1", "environments", environment, "answering")
        return self._connection.items(
            path, Askable, limit=None, bot=bot, seq=seq, change=change
        )

    def ask(
        self,
        environment: str,
        bot: str,
        prompt: str,
        values: Mapping[str, object],
        *,
        binding: str | None = None,
        seq: int | None = None,
        change: int | None = None,
    ) -> Answer:
        """Send a prompt of the bot to its model, which costs what it costs.

        Args:
            prompt: Its role in the bot.
            binding: The same; `None` for `main`, or the only one.
        """
        body = {"bot": bot, "prompt": prompt, "values": values, "binding": binding}
        path = place("v1", "environments", environment, "answers")
        return self._connection.post_once(
            path, body, Answer, timeout_s=TIMEOUT_S, seq=seq, change=change
        )
