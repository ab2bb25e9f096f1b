"""One environment in memory: what is put is live, and each put is a new seq.

It follows the registry's rules as far as a chatbot can see them: a bot's seq is
the one at which its bundle last changed, a stop raises the floor, a deletion is
answered with 410 and its seq, and what is still used cannot be deleted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from placet.copies import BOTS, PROMPTS
from placet.errors import Misconfigured
from placet.names import digest_of

BUNDLES = "/v1/bundles/"
GUARDRAILS = "guardrails/"
BINDINGS = "bindings/"
PARTS = (PROMPTS, GUARDRAILS, BINDINGS)

Document = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered to one question; `dataclasses.replace` makes another.

    Attributes:
        more: What comes after `body`, piece by piece, until it or the connection ends.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    more: Iterator[bytes] | None = None


@dataclass(slots=True, kw_only=True)
class _Bot:
    """A bot as it is now.

    Attributes:
        roles: What it uses, `prompts/NAME` and so on, by kind and role.
        stopped: Why it was stopped; None if it was not.
    """

    document: Document
    roles: Mapping[str, Mapping[str, str]]
    stopped: str | None = None
    seq: int = 0
    floor: int = 0
    bundle: str = ""


@dataclass(slots=True, kw_only=True)
class World:
    """What is live in one environment."""

    environment: str
    repository: str = "fake"
    epoch: int = 1
    seq: int = 0
    documents: dict[str, bytes] = field(default_factory=dict)
    bots: dict[str, _Bot] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    bundles: dict[str, bytes] = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, int]:
        return self.epoch, self.seq

    def put(self, ref: str, document: Document) -> None:
        """Put a prompt, a guardrail or a binding."""
        self._check_used([BINDINGS + name for name in _fallbacks(document)])
        self.documents[ref] = _dumped(document)
        self._moved(ref)

    def put_bot(
        self, name: str, document: Document, roles: Mapping[str, Mapping[str, str]]
    ) -> None:
        """Args:
        roles: By kind, `prompts/` and so on, a name for each role.
        """
        refs = {
            kind: {role: kind + used for role, used in names.items()}
            for kind, names in roles.items()
        }
        self._check_used([ref for used in refs.values() for ref in used.values()])
        before = self.bots.get(name)
        bot = _Bot(document=document, roles=refs)
        if before is not None:
            bot.stopped, bot.floor = before.stopped, before.floor
        self.bots[name] = bot
        self._moved(BOTS + name)

    def stop(self, name: str, reason: str | None) -> None:
        """Stop a bot, or with None resume it."""
        bot = self._bot(name)
        bot.stopped = reason
        self._moved(BOTS + name)
        if reason is not None:
            bot.floor = self.seq

    def delete(self, ref: str) -> None:
        kind, _, name = ref.partition("/")
        if kind + "/" == BOTS:
            self._bot(name)
            del self.bots[name]
        else:
            self._delete_document(ref)
        self._moved(ref)
        self.deleted[ref] = self.seq

    def answer(self, path: str, etag: str) -> Reply:
        """Answer a GET; *etag* is its `If-None-Match`."""
        if path.startswith(BUNDLES):
            digest = path.removeprefix(BUNDLES)
            if digest in self.bundles:
                return self._found(self.bundles[digest], digest, etag, self.seq)
            return _problem(404, "not-found")
        prefix = f"/v1/environments/{self.environment}/"
        ref = path.removeprefix(prefix)
        if not path.startswith(prefix):
            return _problem(404, "not-found")
        is_head = ref.startswith(BOTS) and ref.endswith("/head")
        ref = ref.removesuffix("/head") if is_head else ref
        if ref in self.deleted:
            return _problem(410, "deleted", epoch=self.epoch, seq=self.deleted[ref])
        return self._live(ref, etag, is_head=is_head)

    def take(self, path: str, sent: bytes) -> tuple[Reply, list[Document]]:
        """Answer a POST; and what was reported by it."""
        if path != f"/v1/environments/{self.environment}/observations":
            return _problem(404, "not-found"), []
        reports: list[Document] = json.loads(sent)["observations"]
        body = _dumped({"taken": len(reports), "refused": []})
        headers = {"Content-Type": "application/json"}
        return Reply(status=200, headers=headers, body=body), reports

    def _live(self, ref: str, etag: str, *, is_head: bool) -> Reply:
        kind, _, name = ref.partition("/")
        if ref in self.documents:
            body = self.documents[ref]
            return self._found(body, digest_of(body), etag, self.seq)
        if kind + "/" != BOTS or name not in self.bots:
            return _problem(404, "not-found")
        bot = self.bots[name]
        if not is_head:
            return self._found(self.bundles[bot.bundle], bot.bundle, etag, self.seq)
        head = self._head(name, bot)
        issued = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        body = _dumped({**head, "issued": issued})
        return self._found(body, digest_of(_dumped(head)), etag, self.seq)

    def _head(self, name: str, bot: _Bot) -> Document:
        return {
            "repository": self.repository,
            "environment": self.environment,
            "bot": name,
            "epoch": self.epoch,
            "seq": bot.seq,
            "floor": bot.floor,
            "bundle": bot.bundle,
            "stopped": bot.stopped is not None,
        }

    def _found(self, body: bytes, digest: str, etag: str, seq: int) -> Reply:
        headers = {
            "Content-Type": "application/json",
            "Cache-Control": "private, no-cache",
            "ETag": f'"{digest}"',
            "Placet-Environment": self.environment,
            "Placet-Epoch": str(self.epoch),
            "Placet-Seq": str(seq),
            "Placet-Digest": digest,
        }
        if etag == headers["ETag"]:
            return Reply(status=304, headers=headers, body=b"")
        return Reply(status=200, headers=headers, body=body)

    def _moved(self, ref: str) -> None:
        self.seq += 1
        self.deleted.pop(ref, None)
        for bot in self.bots.values():
            body = self._bundle(bot)
            digest = digest_of(body)
            if digest != bot.bundle:
                self.bundles[digest] = body
                bot.bundle, bot.seq = digest, self.seq

    def _bundle(self, bot: _Bot) -> bytes:
        shown = bot.document
        parts = {kind: self._entries(bot.roles.get(kind, {})) for kind in PARTS}
        fallbacks = self._fallbacks(bot.roles.get(BINDINGS, {}).values())
        if bot.stopped is not None:
            parts, fallbacks = {kind: {} for kind in PARTS}, {}
            kept = ("kind", "name", "version", "digest", "disclosure", "fallback")
            shown = {key: bot.document[key] for key in kept}
        return _dumped(
            {
                "kind": "bundle",
                "bot": shown,
                "stopped": None if bot.stopped is None else {"reason": bot.stopped},
                **{kind.removesuffix("/"): entries for kind, entries in parts.items()},
                **({"fallbacks": fallbacks} if fallbacks else {}),
            }
        )

    def _entries(self, refs: Mapping[str, str]) -> dict[str, object]:
        return {
            role: {
                "digest": digest_of(self.documents[ref]),
                "document": json.loads(self.documents[ref]),
            }
            for role, ref in refs.items()
        }

    def _fallbacks(self, refs: Iterable[str]) -> dict[str, object]:
        """By name, every binding that these fall back to, however far."""
        found: dict[str, str] = {}
        waiting = list(refs)
        while waiting:
            for name in _fallbacks(json.loads(self.documents[waiting.pop()])):
                if name not in found:
                    found[name] = BINDINGS + name
                    waiting.append(BINDINGS + name)
        return self._entries(found)

    def _check_used(self, refs: Iterable[str]) -> None:
        absent = sorted(set(refs) - set(self.documents))
        if absent:
            kind, _, name = absent[0].partition("/")
            raise Misconfigured(
                f"there is no {kind.removesuffix('s')} {name!r}",
                hint="Put what is used before what uses it.",
            )

    def _delete_document(self, ref: str) -> None:
        kind, _, name = ref.partition("/")
        what = kind.removesuffix("s")
        for user, bot in self.bots.items():
            if any(ref in used.values() for used in bot.roles.values()):
                raise Misconfigured(
                    f"the {what} {name} is used by the bot {user}",
                    hint="Change or delete the bot first.",
                )
        if self.documents.pop(ref, None) is None:
            raise Misconfigured(f"there is no {what} {name!r}", hint="Put it first.")

    def _bot(self, name: str) -> _Bot:
        if name not in self.bots:
            raise Misconfigured(f"there is no bot {name!r}", hint="Put it first.")
        return self.bots[name]


def _fallbacks(document: Document) -> list[str]:
    listed = document.get("fallbacks", ())
    return [each["name"] for each in listed] if isinstance(listed, list) else []


def _problem(status: int, kind: str, **more: int) -> Reply:
    body = {"type": kind, "title": kind, "status": status, "detail": kind, **more}
    headers = {"Content-Type": "application/problem+json"}
    return Reply(status=status, headers=headers, body=_dumped(body))


def _dumped(value: Document) -> bytes:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()
