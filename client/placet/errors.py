"""Errors that a chatbot can meet.

    PlacetError
    |-- Misconfigured           an argument cannot be used as it is
    |-- Closed                  the client was closed
    |-- RegistryUnavailable     no good answer, and nothing kept to use instead
    |   |-- NoAnswer            timed out or cut off
    |   |   `-- Unreachable     there was not even a connection
    |   |-- Refused             the registry answered with an error
    |   |-- BadAnswer           an answer that must not be believed
    |   `-- TooStale            what is kept is older than `max_stale_s` allows
    |-- Unsupported             this installation cannot read what is live
    |-- Deleted                 it was live once and was deleted on purpose
    |-- Stopped                 the bot was stopped: say its fallback
    `-- UnknownRole             the bot has nothing in that role
        |-- UnknownPrompt
        |-- UnknownGuardrail
        `-- UnknownBinding

What goes wrong while text is rendered are `MissingInput` and `TemplateInvalid`
of `placet.templates`, which are ValueErrors.

No message holds a token, a prompt or anything that a server wrote: whoever can
read a chatbot's logs need not be allowed to read its prompts.
"""


class PlacetError(Exception):
    """Base of every error below; its text ends with `hint`.

    `hint` says what the reader can do next.
    """

    hint = "Report this with the chatbot's log."

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if hint is not None:
            self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}"


class Misconfigured(PlacetError, ValueError):
    """An argument cannot be used as it is; nothing was asked or changed."""

    hint = "Correct the argument."


class Closed(PlacetError):
    """The client was closed, and would never hear of a stop again."""

    hint = "Close the client when nothing reads from it any more."


class RegistryUnavailable(PlacetError):
    """There is no good answer, and nothing kept to use instead."""

    hint = "Try again; with `cache_dir` a chatbot starts without the registry."


class NoAnswer(RegistryUnavailable):
    """The answer did not come in time, or not to its end."""


class Unreachable(NoAnswer):
    """There was not even a connection."""

    hint = "Check the registry's address, and that it is up and reachable from here."


class Refused(RegistryUnavailable):
    """The registry answered with an error; `status` is the one of HTTP."""

    def __init__(self, message: str, *, hint: str, status: int) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class BadAnswer(RegistryUnavailable):
    """An answer that must not be believed: damaged, older, or of something else."""

    hint = "Check what stands between the chatbot and the registry."


class TooStale(RegistryUnavailable):
    """The registry has not confirmed what is kept for longer than allowed."""

    hint = "Bring the registry back, or allow more in `max_stale_s`."


class Unsupported(PlacetError):
    """What is live needs more than this installation of placet has."""

    hint = "Upgrade placet."


class Deleted(PlacetError):
    """It was live once and was deleted on purpose.

    `seq` is the environment's sequence number at which that happened.
    """

    hint = "Remove it from the chatbot, or ask its owner to bring it back."

    def __init__(self, message: str, *, seq: int) -> None:
        super().__init__(message)
        self.seq = seq


class Stopped(PlacetError):
    """The bot was stopped and has no prompts until it is resumed.

    `fallback` is what to say instead, `reason` is for people who look after it.
    """

    hint = "Ask `bot.stopped` first, and answer with `bot.fallback`."

    def __init__(self, message: str, *, fallback: str, reason: str) -> None:
        super().__init__(message)
        self.fallback = fallback
        self.reason = reason


class UnknownRole(PlacetError, LookupError):
    """The bot has nothing in the role that was asked for."""

    what = "document"


class UnknownPrompt(UnknownRole):
    """The bot has no prompt in the role that was asked for."""

    what = "prompt"


class UnknownGuardrail(UnknownRole):
    """The bot has no guardrail in the role that was asked for."""

    what = "guardrail"


class UnknownBinding(UnknownRole):
    """The bot has no model binding in the role that was asked for."""

    what = "binding"
