"""What a model answered to what a bot would ask it."""

from collections.abc import Sequence
from dataclasses import dataclass

from placet.bindings import Binding
from placet.bundles import Bundle
from placet.guardrails import Guardrails, Outcome
from placet.prompts import Prompt
from placet.sizes import size_of
from registry.api.views.guarding import HitView, hit_view
from registry.models import Answered
from registry.renderings import Messages, check


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Attributes:
    why_not: Why whoever asks may not; `None` if they may.
    """

    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Askable:
    """A binding of a bot, and whether its model can be asked from this registry.

    Attributes:
        why_not: Why nobody can; `None` if it can be asked.
        you: Whether whoever reads this may ask it.
    """

    role: str
    binding: str
    version: str
    platform: str
    model: str
    why_not: str | None
    you: Asking


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardrailHit(HitView):
    """A finding, and which guardrail's it is."""

    guardrail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """What the bot's guardrails say of the answer, at the stage `output`.

    Attributes:
        action: The strictest of `findings`; `allow` without any.
        allowed: Whether a chatbot says `text`.
        text: The answer after redaction.
    """

    action: str
    allowed: bool
    text: str
    findings: tuple[GuardrailHit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """What a model answered.

    Attributes:
        bundle: The digest of what the bot is told, with which this was made.
        messages: Exactly as they were sent.
        estimated_tokens: Of the messages, as `:render` estimates them.
        asked: The model, as the platform calls it.
        model: The one that the platform says has answered; `None` if it did not say.
        expected_model: Which has to answer, as the binding says.
        finish_reason: Why it ended: `stop`, `length`, `content_filter` ...
        input_tokens: As the platform counted them; `None` if it did not say.
        left_out: Parameters of the binding that were not sent.
    """

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


def askable(role: str, binding: Binding, why_not: str | None, you: Asking) -> Askable:
    document = binding.document
    return Askable(
        role=role,
        binding=binding.name,
        version=binding.version,
        platform=str(document["platform"]),
        model=str(document["model"]),
        why_not=why_not,
        you=you,
    )


def answer_view(
    bundle: Bundle,
    prompt: Prompt,
    bound: tuple[str, Binding],
    messages: Messages,
    answered: Answered,
    guardrails: Guardrails,
) -> AnswerView:
    """Args:
    bound: The binding, with its role in the bot.
    """
    role, binding = bound
    expect = binding.document["expect"]
    size = size_of(messages)
    completion = answered.completion
    return AnswerView(
        environment=bundle.environment,
        bot=bundle.name,
        seq=bundle.seq,
        bundle=bundle.digest,
        prompt=prompt.name,
        prompt_version=prompt.version,
        role=role,
        binding=binding.name,
        binding_version=binding.version,
        messages=messages,
        characters=size.characters,
        estimated_tokens=size.estimated_tokens,
        asked=answered.asked,
        model=completion.model,
        expected_model=str(expect["response_model"])
        if isinstance(expect, dict)
        else "",
        text=completion.text,
        finish_reason=completion.finish_reason,
        input_tokens=completion.input_tokens,
        output_tokens=completion.output_tokens,
        duration_s=answered.duration_s,
        left_out=answered.left_out,
        guarded=_guarded(check(guardrails, "output", completion.text, None)),
    )


def _guarded(outcome: Outcome) -> Guarded:
    return Guarded(
        action=outcome.action.value,
        allowed=outcome.allowed,
        text=outcome.text,
        findings=tuple(_hits(outcome)),
    )


def _hits(outcome: Outcome) -> Sequence[GuardrailHit]:
    return [
        GuardrailHit(
            guardrail=hit.guardrail,
            **{name: getattr(hit_view(hit), name) for name in HitView.__slots__},
        )
        for hit in outcome.findings
    ]
