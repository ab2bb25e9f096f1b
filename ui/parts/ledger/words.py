"""Events in plain words: what kinds there are, and each in a sentence.

What was done is told by the event itself, as an order (`Approve change 3`); here it
becomes what somebody did (`risk approved change 3`).
"""

from registry.remote.ledger import Act

TYPES = {
    "proposed": "submitted",
    "proposed again": "revised",
    "voted": "voted",
    "commented": "commented",
    "result attached": "check-attached",
    "check done without": "check-waived",
    "condition met": "condition-met",
    "veto cleared": "veto-cleared",
    "ended without going live": "closed",
    "went live or back": "activated",
    "policy in force": "policy-activated",
    "stopped": "stopped",
    "answers again": "resumed",
    "recalled": "recalled",
    "ratified or repudiated": "judged",
    "certified": "certified",
    "may do something else": "person-set",
    "asked for somebody": "person-proposed",
    "refused for somebody": "person-refused",
    "registry begun": "registry-created",
    "backup restored": "epoch-raised",
}
"""What the ledger calls each kind of event, by the words for it."""

_DONE = {
    "Activate": "activated",
    "Approve": "approved",
    "Ask": "asked",
    "Attach": "attached",
    "Begin": "began",
    "Certify": "certified",
    "Clear": "cleared",
    "Comment": "commented",
    "Deactivate": "deactivated",
    "Do": "did",
    "Let": "let",
    "Meet": "met",
    "Put": "put",
    "Raise": "raised",
    "Ratify": "ratified",
    "Recall": "recalled",
    "Refuse": "refused",
    "Reject": "rejected",
    "Repudiate": "repudiated",
    "Resume": "resumed",
    "Retract": "retracted",
    "Revise": "revised",
    "Roll": "rolled",
    "Stop": "stopped",
    "Submit": "submitted",
    "Veto": "vetoed",
    "Withdraw": "withdrew",
}
VIA = {
    "session": "with their password",
    "local": "with the registry's files in their hands",
    "timer": "the registry itself, at the moment that was agreed to",
}


def sentence(act: Act) -> str:
    """Who did what: `risk approved change 3 in production for risk`."""
    first, space, rest = act.what.partition(" ")
    done = _DONE.get(first)
    if done is None:
        return f"{act.by}: {act.what}"
    return f"{act.by} {done}{space}{rest}"


def signed_in(via: str) -> str:
    kind, _, token = via.partition(":")
    return f"by the token {token}" if kind == "token" else VIA.get(via, via)


def short(digest: str) -> str:
    """The beginning of a digest, to compare by eye."""
    return digest.removeprefix("sha256:")[:12]
