"""A bundle: everything one bot needs, as of one sequence number.

A bundle never changes. A conversation keeps the one it began with and asks
`client.continues(bundle)` before each turn; a new conversation reads a new one.

A bundle that holds guardrails is refused, because this version cannot apply
them: a guardrail is never replaced by nothing, so the last good bundle stays.
"""

import copy as copying
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from placet import shapes
from placet.copies import Copy
from placet.errors import BadAnswer, PlacetError, Stopped, UnknownPrompt, Unsupported
from placet.prompts import Prompt, prompt_of
from placet.shapes import Object


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Everything one bot needs; threads may share it.

    Attributes:
        digest: Of the bundle as served.
        seq: The environment's sequence number since which this is live.
        floor: Conversations that began on a lower seq have to end.
        stale: Nobody has confirmed that it is still live: it comes from disk,
            or the last attempt to ask failed.
        stopped: Somebody stopped the bot: there are no prompts, say `fallback`.
        stop_reason: Why it was stopped, for people who look after it.
        disclosure: What users are told about talking to a machine.
        fallback: What to say when the bot is stopped or all else fails.
        prompts: By their role in the bot.
    """

    name: str
    version: str
    digest: str
    environment: str
    epoch: int
    seq: int
    floor: int
    stale: bool
    stopped: bool
    stop_reason: str
    disclosure: str = field(repr=False)
    fallback: str = field(repr=False)
    prompts: Mapping[str, Prompt] = field(repr=False, compare=False)
    _document: Object = field(repr=False, compare=False)

    def prompt(self, role: str) -> Prompt:
        """Return the prompt that has this *role* in the bot.

        Raises:
            Stopped: The bot was stopped, and the answer is its fallback.
            UnknownPrompt: The bot has no such role.
        """
        try:
            return self.prompts[role]
        except KeyError:
            raise self._without(role) from None

    @property
    def document(self) -> dict[str, object]:
        """The bot as the registry has it; a copy, to change as you like.

        Of a stopped bot only its name, version, digest, disclosure and fallback.
        """
        return copying.deepcopy(dict(self._document))

    def log_fields(self) -> dict[str, object]:
        """What an answer was made with, as `extra=` of a log record."""
        return {
            "placet_environment": self.environment,
            "placet_seq": self.seq,
            "placet_bot": self.name,
            "placet_version": self.version,
            "placet_bundle": self.digest,
            "placet_prompts": {
                role: {
                    "name": prompt.name,
                    "version": prompt.version,
                    "digest": prompt.digest,
                }
                for role, prompt in self.prompts.items()
            },
            "placet_stopped": self.stopped,
            "placet_stale": self.stale,
        }

    def _without(self, role: str) -> PlacetError:
        if self.stopped:
            return Stopped(
                f"the bot {self.name} was stopped",
                fallback=self.fallback,
                reason=self.stop_reason,
            )
        return UnknownPrompt(
            f"the bot {self.name} has no prompt in the role {role!r}",
            hint="Its roles are " + ", ".join(map(repr, self.prompts)) + ".",
        )


def open_bundle(copy: Copy, environment: str, *, stale: bool) -> Bundle:
    """Read a bundle's bytes.

    Raises:
        BadAnswer: The bytes are not this bot's bundle, or it cannot be used.
        Unsupported: It needs an extra, or a newer version of placet.
    """
    whole = shapes.parse_object(copy.body or b"", what=copy.ref)
    bot = shapes.mapping(whole, "bot")
    if whole.get("kind") != "bundle" or shapes.text(bot, "name") != copy.name:
        raise BadAnswer(f"the answer for {copy.ref} is something else")
    reason = _stop_reason(whole)
    prompts = {} if reason is not None else _prompts(whole, copy, environment, stale)
    return Bundle(
        name=copy.name,
        version=shapes.text(bot, "version"),
        digest=copy.digest,
        environment=environment,
        epoch=copy.epoch,
        seq=copy.seq,
        floor=copy.floor,
        stale=stale,
        stopped=reason is not None,
        stop_reason=reason or "",
        disclosure=shapes.text(bot, "disclosure"),
        fallback=shapes.text(bot, "fallback"),
        prompts=MappingProxyType(prompts),
        _document=bot,
    )


def _stop_reason(bundle: Object) -> str | None:
    """None if the bot was not stopped; a stop is taken however it is written."""
    if "stopped" not in bundle:
        raise BadAnswer("the bundle does not say whether the bot was stopped")
    stop = bundle["stopped"]
    if stop is None:
        return None
    reason = stop.get("reason") if isinstance(stop, dict) else None
    return reason if isinstance(reason, str) else ""


def _prompts(
    bundle: Object, copy: Copy, environment: str, stale: bool
) -> dict[str, Prompt]:
    if shapes.mapping(bundle, "guardrails"):
        raise Unsupported(f"{copy.ref} has guardrails, which this version cannot apply")
    entries = shapes.mapping(bundle, "prompts")
    return {
        role: prompt_of(
            shapes.mapping(entry, "document"),
            shapes.digest(entry, "digest"),
            environment,
            (copy.epoch, copy.seq),
            stale=stale,
        )
        for role in entries
        for entry in [shapes.mapping(entries, role)]
    }
