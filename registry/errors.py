"""Errors that the registry raises on purpose.

    RegistryError
    |-- NotSignedIn           nobody, or somebody whose session or token has ended
    |-- NotAllowed            this actor may not do this
    |-- NotFound              the thing asked for does not exist
    |-- Conflict              true a moment ago, no longer true, or not true yet
    |-- Invalid               the content breaks a schema or a rule
    |   `-- TooLarge
    `-- Unavailable           the registry itself cannot do it just now
        `-- TooManyTries

Catch the families, raise the leaves.  No error knows about HTTP:
`registry.api.problems` decides the status codes.
"""

from collections.abc import Sequence

from registry.mistakes import Finding, Unmet


class RegistryError(Exception):
    """Base of every error below.

    `hint` says what the reader can do next; it is shown to people.  `unmet` is what
    a change still needs, if that is why.
    """

    hint = "Report this with the time at which it happened."

    def __init__(
        self, message: str, *, hint: str | None = None, unmet: Sequence[Unmet] = ()
    ) -> None:
        super().__init__(message)
        self.unmet = tuple(unmet)
        if hint is not None:
            self.hint = hint


class NotSignedIn(RegistryError):
    """No session or token, or one that is unknown, expired or revoked."""

    hint = "Sign in again (`placet login`), or send a valid token."


class WrongPassword(NotSignedIn):
    """Handle and password do not belong together."""

    hint = "Check the handle and the password; an administrator can reset it."


class NotAllowed(RegistryError):
    """This actor may not do this."""

    hint = "Ask somebody who holds the role that the message names."


class Contributed(NotAllowed):
    """A contributor tried to vote on what they contributed to."""

    hint = "Somebody who has not worked on it has to vote."


class SessionNeeded(NotAllowed):
    """A token, or too old a sign-in, tried what takes a person who signed in."""

    hint = "Sign in with a password: `placet login`."


class NotFound(RegistryError):
    """The thing asked for does not exist, or not for this reader."""

    hint = "Check the spelling; `placet log ENV` lists what there has been."


class Deleted(NotFound):
    """It was live once and was deleted on purpose; a bot's signed `head` says so."""

    hint = "Remove it from the chatbot, or ask its owner to bring it back."

    def __init__(
        self, message: str, *, epoch: int, seq: int, head: bytes = b""
    ) -> None:
        super().__init__(message)
        self.epoch = epoch
        self.seq = seq
        self.head = head


class Conflict(RegistryError):
    """True a moment ago, no longer true, or not true yet."""

    hint = "Read it again and decide on what it is now."


class Stale(Conflict):
    """Something that the change was bound to has moved."""

    hint = "Revise it on what is live now, or withdraw it and make it again."


class NotOpen(Conflict):
    """The change was decided already."""

    hint = "Submit a new change."


class NotAgreed(Conflict):
    """A requirement is not met."""

    hint = "See who can still meet each requirement: `placet show CHANGE`."


class TooEarly(Conflict):
    """It is agreed to, and comes into force later."""

    hint = "Try again at the time that the message names."


class Frozen(Conflict):
    """A freeze window is open: nothing goes live."""

    hint = "Wait until it is over; a stop, a rollback and an emergency go through."


class NotChecked(Conflict):
    """A check that the policy requires has not passed, and nobody does without it."""

    hint = "See what it takes, and who could waive it: `placet show CHANGE`."


class ContentMoved(Conflict):
    """What was decided on is not what is there now: a digest, or a seq."""

    hint = "Read the current revision, and vote on its review digest."


class VersionTaken(Conflict):
    """The version names other bytes for ever."""

    hint = "Give the document a higher version."


class BumpTooSmall(Conflict):
    """The version does not say how much the document changed.

    Attributes:
        bump: The step that it has to take: `major`, `minor` or `patch`.
        smallest: The lowest version that takes it and is free.
        reasons: Every difference that asks for that step.
    """

    hint = "Give it that version (`placet submit DIR --bump` writes it)."

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        document: str = "",
        bump: str = "",
        smallest: str = "",
        reasons: Sequence[str] = (),
    ) -> None:
        super().__init__(message, hint=hint)
        self.document = document
        self.bump = bump
        self.smallest = smallest
        self.reasons = tuple(reasons)


class VersionLive(Conflict):
    """What is live does not fit the range that was asked for."""

    hint = "Ask for a range that allows the live version, or for no range."


class RecalledContent(Conflict):
    """A recalled digest cannot be activated again, by anyone."""

    hint = "Take another text. At a terminal: `placet recall --list` says why."


class KeyReused(Conflict):
    """The idempotency key belongs to a different command."""

    hint = "Use a new key for a new command."


class NotSettled(Conflict):
    """The moment asked for may still receive events."""

    hint = "Ask for a moment in the past, in UTC."


class StillReferred(Conflict):
    """A document that something live refers to cannot be deleted."""

    hint = "Change or delete what refers to it in the same change."


class HeadMoved(Conflict):
    """The ledger is not where the writer expected it."""

    hint = "Another writer was first; try again."


class Invalid(RegistryError):
    """The content breaks a schema or a rule."""

    hint = "Correct it and send it again; nothing was changed."


class TooLarge(Invalid):
    """Larger than the registry takes."""

    hint = "Make it smaller; a document may have at most 256 KiB."


class NotExportable(Invalid):
    """Another product cannot say what the document says."""

    hint = "Run it with Placet's own client, or say it in a simpler rule."


class InvalidDocument(Invalid):
    """A document breaks the loader's rules, its schema or a reference.

    `findings` has everything that is wrong with it, in the order of lines.
    """

    hint = "Mend what each finding names; `placet check PATH` shows the same."

    def __init__(self, document: str, findings: Sequence[Finding]) -> None:
        super().__init__(f"{document}: " + "; ".join(map(str, findings)))
        self.document = document
        self.findings = tuple(findings)


class InvalidDocuments(Invalid):
    """Several documents were sent together, and these have mistakes.

    `errors` has all of them, each with its findings.
    """

    hint = "Mend what each finding names, and send them again."

    def __init__(self, errors: Sequence[InvalidDocument]) -> None:
        names = ", ".join(error.document for error in errors)
        super().__init__(f"there are mistakes in {names}")
        self.errors = tuple(errors)


class Unavailable(RegistryError):
    """The registry itself cannot do it just now."""

    hint = "Try again; reads go on from what was last good."
    retry_after_s: int | None = None


class WritesHalted(Unavailable):
    """The ledger does not match what was answered before."""

    hint = "Verify it (`placet verify`); restore it, or write it from the database."


class LedgerUnwritable(Unavailable):
    """The disk is full, or the repository cannot be written."""

    hint = "Free space or mend the permissions, then repeat with the same key."


class LedgerBroken(Unavailable):
    """The ledger's bytes are not what an event says they are."""

    hint = "Have it verified: that names the first wrong event (`placet verify`)."


class HistoryRewritten(LedgerBroken):
    """The ledger has lost a commit that it held before."""

    hint = "Restore the ledger from a copy, or write it again from the database."


class NotYetThere(Unavailable):
    """The reader has not reached the sequence number that was asked for."""

    hint = "Ask again in a moment, or without `min_seq`."


class TooManyTries(Unavailable):
    """So many tries to sign in that the next ones have to wait."""

    hint = "Wait a minute, then try again."

    def __init__(
        self, message: str, *, hint: str | None = None, retry_after_s: int = 60
    ) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s
