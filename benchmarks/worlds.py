"""Registries of a given size, made quickly.

Every event is decided by the rules and sealed like any other; only the writing
is done in bulk, one `fast-import` for all of them, and the tables are made from
the ledger as a rebuild does.  What comes out cannot be told from a registry
that was written one command at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from registry import commands, events
from registry.changes import Verdict
from registry.commands import Command
from registry.decide import decide
from registry.decisions import Situation, seal
from registry.documents import Document, parse
from registry.events import Event
from registry.fingerprints import fingerprint
from registry.fold import EMPTY, apply
from registry.ledger import Entry
from registry.names import Digest, digest_of
from registry.people import SESSION, Identity, Role, person, recognise
from registry.policy_text import parse_policy
from registry.writer import Home
from registry.writer.rebuild import rebuild_tables

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
PRODUCTION = "production"
FOLDER = 1000
"""Documents to a folder, as many as the design wants measured."""

POLICY = b"""\
environment: production
requirements:
  - name: product agrees
    seat: product
  - name: risk agrees
    seat: risk
"""

PEOPLE = (
    person("author", roles=(Role.AUTHOR,), seats=(), active=True),
    person("operator", roles=(Role.OPERATOR,), seats=(), active=True),
    person("admin", roles=(Role.ADMIN,), seats=(), active=True),
    person("product", roles=(Role.VIEWER,), seats=("product",), active=True),
    person("risk", roles=(Role.VIEWER,), seats=("risk",), active=True),
)
VOTERS = ("product", "risk")

_PARAGRAPH = (
    "Answer only from the policy below, quote the sentence that decides, and say "
    "so when it does not decide. Never promise what the policy does not say. "
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A command, and by whom."""

    by: str
    command: Command


class World:
    """A registry in memory that remembers what would have been written.

    Args:
        begins: When its first event is; a second to an event from there.
    """

    def __init__(self, begins: datetime = BEGINS) -> None:
        self.state = EMPTY
        self.documents: dict[Digest, Document] = {}
        self.entries: list[Entry] = []
        self._now = begins
        self.act(
            Act(
                by="admin",
                command=commands.Create(
                    repository="benchmark",
                    policies=(parse_policy(POLICY),),
                    people=PEOPLE,
                ),
            )
        )

    @property
    def now(self) -> datetime:
        """The time of its last event; a second to an event."""
        return self._now

    def act(self, act: Act) -> Event:
        self._now += timedelta(seconds=1)
        people = dict(self.state.people) or {one.handle: one for one in PEOPLE}
        identity = Identity(handle=act.by, via=SESSION, roles=None)
        situation = Situation(
            state=self.state,
            actor=recognise(identity, people),
            now=self._now,
            documents=self.documents,
        )
        decision = decide(situation, act.command)
        event = seal(
            decision,
            head=self.state.head,
            actor=situation.actor,
            key=None,
            command=fingerprint(act.command),
            now=self._now,
        )
        body = events.dump(event)
        self.state = apply(self.state, event, digest_of(body))
        self.entries.append(
            Entry(
                files={**decision.files, events.path_of(event.number): body},
                message=event.message,
                author=act.by,
                at=event.at,
            )
        )
        return event

    def put_live(self, *sources: bytes) -> None:
        """Submit, agree to and activate; four events."""
        for act in self.agreed(*sources):
            self.act(act)

    def agreed(self, *sources: bytes) -> Iterator[Act]:
        """Submit *sources* and have them agreed to; the last act activates."""
        documents = tuple(parse(source) for source in sources)
        self.documents.update({one.digest: one for one in documents})
        yield Act(by="author", command=proposal(documents))
        change = self.state.change(len(self.state.changes))
        digest = change.revision.review_digest
        for handle in VOTERS:
            yield Act(by=handle, command=approval(change.id, digest, handle))
        yield Act(
            by="operator",
            command=commands.Activate(change=change.id, review_digest=digest),
        )

    def agree(self, *sources: bytes) -> Act:
        """Submit and have agreed to; gives the act that would activate it."""
        acts = self.agreed(*sources)
        while not isinstance((act := next(acts)).command, commands.Activate):
            self.act(act)
        return act

    def save(self, path: Path) -> Home:
        """Write everything to a new registry in *path*."""
        home = Home(path=path)
        with home.create() as ledger:
            ledger.write_all(self.entries)
            engine = home.open_projection()
            rebuild_tables(ledger, engine, home.fence(), lambda _: None)
            engine.dispose()
        return home


def proposal(documents: tuple[Document, ...]) -> commands.Submit:
    return commands.Submit(
        environment=PRODUCTION,
        proposal=commands.Proposal(
            title="A benchmark's documents",
            documents=documents,
            deleted=(),
            edited_from=(),
        ),
    )


def approval(change: int, digest: Digest, handle: str) -> commands.Vote:
    return commands.Vote(
        change=change,
        review_digest=digest,
        verdict=Verdict.APPROVE,
        seat=handle,
        reason="",
    )


def name_of(number: int) -> str:
    return f"b{number // FOLDER}/p{number}"


def prompt(name: str, version: str, chars: int = 2000) -> bytes:
    """A prompt of about *chars* characters that reads differently each version."""
    text = (_PARAGRAPH * (chars // len(_PARAGRAPH) + 1))[:chars]
    return (
        "kind: prompt\n"
        f"name: {name}\n"
        f'version: "{version}"\n'
        "owner: product\n"
        "description: Answers questions about refunds.\n"
        "tier: medium\n"
        "template: simple\n"
        "inputs:\n"
        "  type: object\n"
        "  properties:\n"
        "    question: {type: string, description: What was asked.}\n"
        "  required: [question]\n"
        "  additionalProperties: false\n"
        "messages:\n"
        "  - role: system\n"
        f'    content: "{name} {version}. {text}"\n'
        "  - role: user\n"
        '    content: "{{ question }}"\n'
    ).encode()


def bot(name: str, version: str, prompts: dict[str, str]) -> bytes:
    roles = "".join(f"  {role}: {used}\n" for role, used in prompts.items())
    return (
        "kind: bot\n"
        f"name: {name}\n"
        f'version: "{version}"\n'
        "owner: product\n"
        "description: Answers customers.\n"
        "tier: medium\n"
        "purpose: Answers questions about refunds.\n"
        "audience: Customers.\n"
        "deputy: author\n"
        "on_call: operator\n"
        'review_by: "2027-06-01"\n'
        "disclosure: You are talking to a machine.\n"
        "fallback: Please call us.\n"
        f"prompts:\n{roles}"
    ).encode()


def world_with(documents: int, begins: datetime = BEGINS) -> World:
    """A world with so many live prompts, a thousand to a folder, and one bot."""
    world = World(begins)
    for first in range(0, documents, FOLDER):
        numbers = range(first, min(first + FOLDER, documents))
        world.put_live(*(prompt(name_of(n), "1.0.0") for n in numbers))
    world.put_live(bot("support", "1.0.0", {"refunds": name_of(0)}))
    return world
