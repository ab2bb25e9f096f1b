"""Documents to try the rules on, with everything filled in that a test does not say."""

from collections.abc import Iterable

from registry.documents import Document, dump, parse

PROMPT = "prompts/acme/refunds"
TONE = "fragments/acme/tone"
BOT = "bots/acme/support"


def make_prompt(
    version: str,
    text: str = "Be kind.",
    *,
    name: str = "acme/refunds",
    tier: str | None = "low",
    owner: str = "product",
) -> Document:
    return _made(
        "prompt", name, version, tier, owner, {"template": "none"} | _says(text)
    )


def make_fragment(
    version: str,
    text: str = "Be kind.",
    *,
    name: str = "acme/tone",
    tier: str | None = "low",
    owner: str = "product",
    template: str = "none",
) -> Document:
    extra = {"template": template, "text": text}
    if template == "simple":
        inputs = {"mood": {"type": "string", "default": "kind"}}
        extra["inputs"] = {
            "type": "object",
            "properties": inputs,
            "additionalProperties": False,
        }
    return _made("fragment", name, version, tier, owner, extra)


def make_bot(
    version: str,
    prompts: Iterable[str] = ("acme/refunds",),
    *,
    name: str = "acme/support",
    tier: str | None = "low",
    owner: str = "product",
    purpose: str = "Support",
    range: str | None = None,
) -> Document:
    """Args:
    range: The versions that the bot accepts of each prompt.
    """
    ranged = {"range": range} if range else {}
    extra = {
        "purpose": purpose,
        "audience": "Customers",
        "deputy": "editor",
        "on_call": "promoter",
        "review_by": "2027-01-01",
        "disclosure": "You talk to a machine.",
        "fallback": "Please call us.",
        "prompts": {
            f"role-{n}": {"name": prompt} | ranged for n, prompt in enumerate(prompts)
        },
    }
    return _made("bot", name, version, tier, owner, extra)


def including(fragment: str = TONE, text: str = "Be kind.") -> str:
    """The text of a prompt or fragment that includes *fragment*."""
    return f"{text} {{{{> {fragment} }}}}"


def _says(text: str) -> dict:
    return {"messages": [{"role": "system", "content": text}]}


def _made(kind, name, version, tier, owner, extra) -> Document:
    value = {"kind": kind, "name": name, "version": version, "owner": owner}
    value |= {"description": f"A {kind}."} | extra
    return parse(dump(value | ({"tier": tier} if tier else {})))
