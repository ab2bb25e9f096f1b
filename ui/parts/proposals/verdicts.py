"""What somebody says of a change, in words: of themselves, of others, of the change."""

ACTS = {
    "approve": "Approve",
    "ask-for-changes": "Ask for changes",
    "veto": "Veto",
    "reject": "Reject for good",
    "retract": "Take my vote back",
}
"""To do it."""

DID = {
    "approve": "approved",
    "ask-for-changes": "asked for changes of",
    "veto": "vetoed",
    "reject": "rejected",
}
"""Somebody did it with a change."""

SAYS = {
    "approve": ("approved", "green"),
    "ask-for-changes": ("asks for changes", "red"),
    "veto": ("vetoed", "red"),
    "reject": ("rejected", "red"),
    "retract": ("took the vote back", "grey"),
}
"""What a vote says, and its colour."""

BLOCKS = {"veto": "veto", "ask-for-changes": "asks for changes"}
"""What stands in the way."""

HELD_BY = {"veto": "vetoed by", "ask-for-changes": "changes asked for by"}
"""What a change is, by whoever blocks it."""
