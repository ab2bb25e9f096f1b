"""What the inbox is for somebody, in a sentence or two."""

from registry.remote.sessions import Current

_DOES = {
    "author": "changes of yours that have to be revised, and conditions that you "
    "answer for",
    "operator": "what everybody has agreed to and you could make live",
    "evaluator": "checks that a change still needs",
    "admin": "what another administrator has asked for and you could confirm",
}
_LOOKS = {
    "auditor": "As an auditor you are asked for nothing. The ledger has everything "
    "that ever happened, and who did it.",
    "viewer": "As a viewer you are asked for nothing. Live says what chatbots are "
    "told now, and Changes what is being decided.",
}


def sentence(person: Current) -> str:
    """What waits here for *person*, or where they look instead; plain text."""
    found = [words for role, words in _DOES.items() if role in person.roles]
    if person.seats:
        seats = ", ".join(person.seats)
        found.insert(0, f"votes, ratifications and reviews (you sit for {seats})")
    if found:
        return f"Here waits what only you and few others can do: {'; '.join(found)}."
    for role, words in _LOOKS.items():
        if role in person.roles:
            return words
    return (
        "You hold no role and no seat; an administrator gives them. What you answer "
        "for by name still waits here."
    )


def is_reader(person: Current) -> bool:
    """Whether they may read what waits for others."""
    return bool(person.roles or person.seats)
