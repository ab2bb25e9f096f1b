"""The formats of other products, by the names that people give them."""

from collections.abc import Callable, Mapping

from registry.errors import Invalid
from registry.exports import (
    Exported,
    bedrock,
    guardrails_ai,
    litellm,
    litellm_models,
    nemo,
    openai_guardrails,
)
from registry.names import Kind
from registry.values import Json

_Export = Callable[[Mapping[str, Json]], Exported]

FORMATS: dict[str, dict[str, _Export]] = {
    Kind.GUARDRAIL: {
        "nemo": nemo.export,
        "guardrails-ai": guardrails_ai.export,
        "litellm": litellm.export,
        "openai": openai_guardrails.export,
        "bedrock": bedrock.export,
    },
    Kind.BINDING: {"litellm": litellm_models.export_one},
}


def export(value: Mapping[str, Json], format_: str) -> Exported:
    """A document in the format of another product.

    Args:
        value: A document that was checked, or the body that is served of it.

    Raises:
        Invalid: Documents of its kind have no such format.
        NotExportable: The format can say nothing of it.
    """
    kind = str(value["kind"])
    formats = FORMATS.get(kind)
    if formats is None:
        raise Invalid(
            f"a {kind} is not exported",
            hint=f"What can be exported is a {' or a '.join(FORMATS)}.",
        )
    if format_ not in formats:
        raise Invalid(
            f"a {kind} has no format {format_[:40]!r}",
            hint=f"There is {', '.join(formats)}.",
        )
    return formats[format_](value)
