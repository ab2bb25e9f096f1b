"""What an edit does, in words: the facts about which a policy can ask.

`DOES` says it of an edit, and `MOVES` names what moves, with its colour.
"""

_FACTS = {
    "guardrail-weakened": ("weakens a guardrail", "guardrail weaker", "red"),
    "model-changed": ("changes the model", "another model", "red"),
    "tools-changed": ("changes tools", "tools", "amber"),
    "sources-changed": (
        "changes the knowledge it reads",
        "knowledge it reads",
        "amber",
    ),
    "inputs-changed": ("changes inputs", "inputs", "amber"),
    "disclosure-changed": (
        "changes what users are told of the machine",
        "what users are told of the machine",
        "red",
    ),
    "owner-changed": ("changes the owner", "owner", "amber"),
    "retirement-near": (
        "uses a model that is retired soon",
        "model retired soon",
        "amber",
    ),
    "wording-only": ("changes the wording only", "wording only", "grey"),
}

DOES = {name: does for name, (does, _, _) in _FACTS.items()}
MOVES = {name: (word, tone) for name, (_, word, tone) in _FACTS.items()}
