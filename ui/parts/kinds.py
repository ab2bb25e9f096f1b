"""The kinds of documents: what begins their names, and the word for one of them."""

KINDS = {
    "bots": "bot",
    "prompts": "prompt",
    "fragments": "fragment",
    "glossaries": "glossary",
    "guardrails": "guardrail",
    "bindings": "binding",
}
