"""A bundle: everything one bot needs, as of one sequence number.

A bundle never changes. A conversation keeps the one it began with and asks
`client.continues(bundle)` before each turn; a new conversation reads a new one.

A bundle with a guardrail that cannot be applied here is refused: a guardrail is
never replaced by nothing, so the last good bundle stays.
"""

import copy as copying
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from placet import shapes
from placet.bindings import Binding, bindings_of
from placet.copies import BOTS, Copy
from placet.errors import (
    BadAnswer,
    Stopped,
    UnknownBinding,
    UnknownGuardrail,
    UnknownPrompt,
    UnknownRole,
)
from placet.guardrails import Guardrail, Guardrails, open_guardrail
from placet.names import digest_of
from placet.prompts import Prompt, prompt_of
from placet.reports import Key, Reports
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
        bindings: By their role in the bot.
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
    bindings: Mapping[str, Binding] = field(repr=False, compare=False)
    _guardrails: Guardrails = field(repr=False, compare=False)
    _document: Object = field(repr=False, compare=False)
    _reports: Reports | None = field(repr=False, compare=False)

    def prompt(self, role: str) -> Prompt:
        """Return the prompt that has this *role* in the bot.

        Raises:
            Stopped: The bot was stopped, and the answer is its fallback.
            UnknownPrompt: The bot has no such role.
        """
        try:
            return self.prompts[role]
        except KeyError:
            raise self._without(role, self.prompts, UnknownPrompt) from None

    def binding(self, role: str) -> Binding:
        """Return the model binding that has this *role* in the bot.

        Raises:
            Stopped: The bot was stopped, and the answer is its fallback.
            UnknownBinding: The bot has no such role.
        """
        try:
            return self.bindings[role]
        except KeyError:
            raise self._without(role, self.bindings, UnknownBinding) from None

    @property
    def guardrails(self) -> Guardrails:
        """All guardrails of the bot, to `check` a text with.

        Raises:
            Stopped: The bot was stopped, and the answer is its fallback.
        """
        if self.stopped:
            raise self._stop()
        return self._guardrails

    def guardrail(self, role: str) -> Guardrail:
        """Return the guardrail that has this *role* in the bot.

        Raises:
            Stopped: The bot was stopped, and the answer is its fallback.
            UnknownGuardrail: The bot has no such role.
        """
        by_role = self._guardrails.by_role
        try:
            return by_role[role]
        except KeyError:
            raise self._without(role, by_role, UnknownGuardrail) from None

    def report(
        self, *, response_model: str, role: str = "main", fingerprint: str | None = None
    ) -> None:
        """Tell the registry which model answered; returns at once, and never raises.

        A model that nobody agreed to raises an alert there. How many reports were
        lost is in `client.health().dropped`; a role that the bot does not have is
        warned of in the log, once.

        Args:
            response_model: What the platform says has answered.
            role: Of the binding in the bot.
            fingerprint: What else the platform says of the model.
        """
        if self._reports is not None:
            self._reports.add(
                Key(
                    bot=self.name,
                    seq=self.seq,
                    bundle=self.digest,
                    role=role,
                    response_model=response_model,
                    fingerprint=fingerprint or "",
                ),
                roles=None if self.stopped else self.bindings,
            )

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
            "placet_prompts": _shown(self.prompts),
            "placet_guardrails": _shown(self._guardrails.by_role),
            "placet_bindings": _shown(self.bindings),
            "placet_stopped": self.stopped,
            "placet_stale": self.stale,
        }

    def _without(
        self, role: str, there: Mapping[str, object], unknown: type[UnknownRole]
    ) -> Stopped | UnknownRole:
        if self.stopped:
            return self._stop()
        roles = ", ".join(map(repr, there))
        return unknown(
            f"the bot {self.name} has no {unknown.what} in the role {role!r}",
            hint=f"Its roles are {roles}." if roles else "It has none in any role.",
        )

    def _stop(self) -> Stopped:
        return Stopped(
            f"the bot {self.name} was stopped",
            fallback=self.fallback,
            reason=self.stop_reason,
        )


def open_bundle(
    copy: Copy, environment: str, *, stale: bool, reports: Reports | None = None
) -> Bundle:
    """Read a bundle's bytes.

    Args:
        reports: Where it tells which models answered; None for nowhere.

    Raises:
        BadAnswer: The bytes are not this bot's bundle, or it cannot be used.
        Unsupported: It needs an extra, or a newer version of placet.
    """
    whole = shapes.parse_object(copy.body or b"", what=copy.ref)
    bot = shapes.mapping(whole, "bot")
    if whole.get("kind") != "bundle" or shapes.text(bot, "name") != copy.name:
        raise BadAnswer(f"the answer for {copy.ref} is something else")
    reason = _stop_reason(whole)
    held = {} if reason is not None else whole
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
        prompts=MappingProxyType(_prompts(held, copy, environment, stale)),
        bindings=MappingProxyType(_bindings(held)),
        _guardrails=Guardrails(MappingProxyType(_guardrails(held))),
        _document=bot,
        _reports=reports,
    )


def bundle_of(body: bytes, *, bot: str, environment: str, seq: int) -> Bundle:
    """Read what a registry says that a bot was told at a seq, to try it.

    Raises:
        BadAnswer: The bytes are not this bot's bundle, or it cannot be used.
        Unsupported: It needs an extra, or a newer version of placet.
    """
    copy = Copy(
        ref=BOTS + bot,
        repository="",
        epoch=0,
        seq=seq,
        floor=0,
        etag="",
        digest=digest_of(body),
        body=body,
    )
    return open_bundle(copy, environment, stale=False)


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
    entries = _entries(bundle, "prompts")
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


def _guardrails(bundle: Object) -> dict[str, Guardrail]:
    entries = _entries(bundle, "guardrails")
    return {
        role: open_guardrail(
            shapes.mapping(entry, "document"), shapes.digest(entry, "digest")
        )
        for role in sorted(entries)
        for entry in [shapes.mapping(entries, role)]
    }


def _bindings(bundle: Object) -> dict[str, Binding]:
    fallbacks = shapes.mapping({"fallbacks": {}, **bundle}, "fallbacks")
    return bindings_of(_entries(bundle, "bindings"), fallbacks)


def _entries(bundle: Object, part: str) -> Object:
    """What a bundle has by role; nothing if the bot is stopped."""
    return shapes.mapping(bundle, part) if bundle else {}


def _shown(used: Mapping[str, Prompt | Guardrail | Binding]) -> dict[str, object]:
    return {
        role: {"name": one.name, "version": one.version, "digest": one.digest}
        for role, one in used.items()
    }
