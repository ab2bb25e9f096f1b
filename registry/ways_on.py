"""Ways on: what comes next for a change that cannot go live as it is.

* An edit is revised on what is live now, which starts the voting again.
* Anything else cannot be revised: it is withdrawn, and made again from what is live
  now, where such a change is made.
* Both are for its author; whoever only votes waits for them.
"""

from dataclasses import dataclass
from enum import StrEnum

from registry.changes import Change, ChangeType, revisable


class Next(StrEnum):
    """What is done about it."""

    REVISE = "revise"
    PROMOTE = "promote"
    ROLL_BACK = "roll-back"
    SUBMIT_POLICY = "submit-policy"
    RESUME = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOn:
    """Attributes:
    act: What its author does; all but revising it makes another change.
    bot: The bot that is to answer again.
    said: In words, with who does it and what it means for the votes.
    """

    act: Next
    bot: str | None
    said: str


def way_on(change: Change) -> WayOn:
    """What comes next for *change*, which cannot go live as it is."""
    resumption = change.revision.resumption
    return WayOn(
        act=_NEXT[change.type],
        bot=resumption.bot if resumption is not None else None,
        said=_said(change),
    )


def hint(change: Change) -> str:
    """The same in one text, with the commands for it."""
    withdraw = f"`placet withdraw {change.id}`"
    if revisable(change.type):
        ways = " or ".join((f"`placet submit work/ --change {change.id}`", withdraw))
    else:
        ways = ", then ".join((withdraw, f"`{_again(change)}`"))
    return f"{_said(change)} At a terminal: {ways}."


_NEXT = {
    ChangeType.EDIT: Next.REVISE,
    ChangeType.PROMOTION: Next.PROMOTE,
    ChangeType.ROLLBACK: Next.ROLL_BACK,
    ChangeType.POLICY: Next.SUBMIT_POLICY,
    ChangeType.RESUME: Next.RESUME,
}


def _said(change: Change) -> str:
    if revisable(change.type):
        return (
            f"{change.author} can revise it on what is live now, and the voting starts "
            "again; or withdraw it."
        )
    return (
        f"{change.author} can withdraw it and make it again from what is live now; "
        "then people vote anew."
    )


def _again(change: Change) -> str:
    resumption = change.revision.resumption
    if resumption is not None:
        return f"placet resume {change.environment} {resumption.bot}"
    return _COMMANDS[_NEXT[change.type]]


_COMMANDS = {
    Next.PROMOTE: "placet promote",
    Next.ROLL_BACK: "placet rollback --propose",
    Next.SUBMIT_POLICY: "placet policy submit",
}
