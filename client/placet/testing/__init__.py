"""A registry for a chatbot's own tests: real HTTP on the loopback, nothing to set up.

    with FakeRegistry() as registry:
        registry.put_prompt("acme/refunds", "Answer kindly: {{ question }}")
        registry.put_bot("acme/support", {"refunds": "acme/refunds"})
        with registry.client() as client:
            bot = client.bot("acme/support")
            ...
            registry.stop("acme/support", reason="it promised too much")
            client.refresh()

It answers as a registry does, and has no policy: what is put is live. The
client's own tests run against it.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Literal, Self

from placet.client import Client
from placet.copies import BOTS, PROMPTS
from placet.names import check_environment, check_name, digest_of
from placet.testing.loopback import Loopback
from placet.testing.turns import Turns
from placet.testing.world import BINDINGS, GUARDRAILS, Reply, World

__all__ = ["FakeRegistry", "Reply"]

RETRY_MS = 100
"""Tests are in a hurry."""

Tamper = Callable[[str, Reply], Reply]


class FakeRegistry:
    """One environment of a registry; it answers from `with` (or `come_back`) on.

    Attributes:
        token: What a client has to send.
        requests: The paths that were asked for, oldest first.
        reports: What chatbots reported of the models that answered, oldest first;
            nothing of it is doubted here.
        heartbeat_s: How often a stream of events shows that it is alive.
        tamper: Given a path and what would be answered, returns what is answered
            instead: how does the chatbot bear a 503, or nonsense?
    """

    def __init__(self, *, environment: str = "production") -> None:
        self.token = "fake-token"  # noqa: S105
        self.environment = check_environment(environment)
        self.requests: list[str] = []
        self.reports: list[Mapping[str, object]] = []
        self.heartbeat_s = 15.0
        self.tamper: Tamper | None = None
        self._world = World(environment=environment)
        self._turn = Turns(lambda: self._world.place)
        self._server = Loopback(self._answer, lambda: self._turn.end_streams(over=True))

    @property
    def url(self) -> str:
        """Its address; the port is known once it has answered."""
        return self._server.url

    @property
    def seq(self) -> int:
        return self._world.seq

    def client(
        self,
        *,
        cache_dir: str | os.PathLike[str] | None = None,
        poll_s: float = 5.0,
        timeout_s: float = 5.0,
        max_stale_s: float | None = None,
        refresh: Literal["background", "manual"] = "manual",
        events: bool = True,
    ) -> Client:
        """Return a real client of this registry, to be closed by the caller."""
        return Client(
            self.url,
            token=self.token,
            environment=self.environment,
            cache_dir=cache_dir,
            poll_s=poll_s,
            timeout_s=timeout_s,
            max_stale_s=max_stale_s,
            refresh=refresh,
            events=events,
        )

    def put_prompt(
        self,
        name: str,
        messages: str | Sequence[Mapping[str, str]],
        *,
        version: str = "1.0.0",
        template: str = "simple",
        inputs: Mapping[str, object] | None = None,
        output: Mapping[str, object] | None = None,
    ) -> None:
        """Make a prompt live, with every bot that uses it.

        Args:
            messages: As in a document; text is one system message.
            inputs: As in a document; None declares nothing, so that rendering
                asks for exactly what the messages use.
        """
        if isinstance(messages, str):
            messages = [{"role": "system", "content": messages}]
        document = _document("prompt", name, version) | {
            "template": template,
            "inputs": dict(inputs or {"type": "object", "properties": {}}),
            "messages": [dict(message) for message in messages],
            "includes": [],
        }
        if output is not None:
            document["output"] = dict(output)
        with self._turn:
            self._world.put(PROMPTS + name, document)

    def put_guardrail(
        self,
        name: str,
        rules: Sequence[Mapping[str, object]],
        *,
        version: str = "1.0.0",
    ) -> None:
        """Make a guardrail live, with every bot that uses it.

        Args:
            rules: As in a document; `severity` and `message` may be left out.
        """
        said = {"severity": "high", "message": "Put by a test."}
        document = _document("guardrail", name, version)
        with self._turn:
            listed = {"rules": [{**said, **rule} for rule in rules]}
            self._world.put(GUARDRAILS + name, document | listed)

    def put_binding(
        self, name: str, says: Mapping[str, object], *, version: str = "1.0.0"
    ) -> None:
        """Make a model binding live, with every bot that uses it.

        Args:
            says: As in a document: `platform`, `model`, `fallbacks` and so on.

        Raises:
            Misconfigured: It falls back to a binding that was not put.
        """
        document = _document("binding", name, version)
        with self._turn:
            self._world.put(BINDINGS + name, document | dict(says))

    def put_bot(
        self,
        name: str,
        prompts: Mapping[str, str],
        *,
        guardrails: Mapping[str, str] | None = None,
        bindings: Mapping[str, str] | None = None,
        version: str = "1.0.0",
        disclosure: str = "You are talking to a machine.",
        fallback: str = "Please call us; we cannot answer here just now.",
    ) -> None:
        """Make a bot live.

        Args:
            prompts: Names of prompts that were put, by their role in the bot.
            guardrails: The same of guardrails.
            bindings: The same of model bindings.

        Raises:
            Misconfigured: One of them was not put.
        """
        uses = {PROMPTS: prompts, GUARDRAILS: guardrails, BINDINGS: bindings}
        roles = {kind: names for kind, names in uses.items() if names is not None}
        document = _document("bot", name, version) | {
            "disclosure": disclosure,
            "fallback": fallback,
            **{
                kind.removesuffix("/"): {r: {"name": used} for r, used in names.items()}
                for kind, names in roles.items()
            },
        }
        with self._turn:
            self._world.put_bot(name, document, roles)

    def stop(self, bot: str, *, reason: str) -> None:
        with self._turn:
            self._world.stop(bot, reason)

    def resume(self, bot: str) -> None:
        with self._turn:
            self._world.stop(bot, None)

    def delete_bot(self, name: str) -> None:
        with self._turn:
            self._world.delete(BOTS + name)

    def delete_prompt(self, name: str) -> None:
        """Raises:
        Misconfigured: There is none, or a bot uses it.
        """
        with self._turn:
            self._world.delete(PROMPTS + name)

    def raise_epoch(self) -> None:
        """Answer as after the restoration of a backup."""
        with self._turn:
            self._world.epoch += 1

    def end_streams(self) -> None:
        """End every stream of events, as a registry does now and then."""
        self._turn.end_streams(over=False)

    def go_down(self) -> None:
        """Vanish: nobody listens, and open connections are cut off."""
        self._server.stop()

    def come_back(self) -> None:
        self._turn.end_streams(over=False)
        self._server.start()

    def __enter__(self) -> Self:
        self.come_back()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.go_down()

    def _answer(
        self, path: str, headers: Mapping[str, str], sent: bytes | None
    ) -> Reply:
        with self._turn:
            self.requests.append(path)
            if headers.get("authorization") != f"Bearer {self.token}":
                return Reply(status=401, headers={}, body=b"")
            if path == f"/v1/environments/{self.environment}/events":
                reply = self._events()
            elif sent is None:
                reply = self._world.answer(path, headers.get("if-none-match", ""))
            else:
                reply, reports = self._world.take(path, sent)
                self.reports += reports
        return reply if self.tamper is None else self.tamper(path, reply)

    def _events(self) -> Reply:
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        stream = self._turn.stream(heartbeat_s=self.heartbeat_s, retry_ms=RETRY_MS)
        return Reply(status=200, headers=headers, body=b"", more=stream)


def _document(kind: str, name: str, version: str) -> dict[str, object]:
    """What documents of every kind have."""
    return {
        "kind": kind,
        "name": check_name(name),
        "version": version,
        "digest": digest_of(f"{name} {version}".encode()),
        "owner": "product",
        "description": "Put by a test.",
        "tier": "low",
    }
