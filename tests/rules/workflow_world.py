"""The world of the state machine: a registry, its model, and all that was written.

`World.do` carries a command out as the writer would, asks the model before, and
keeps what the invariants look at afterwards.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from registry import commands, events
from registry.changes import Verdict
from registry.decide import decide
from registry.decisions import Decision
from registry.documents import dump
from registry.errors import RegistryError
from registry.events import Event
from registry.evidence import content_of
from registry.fold import EMPTY, apply
from registry.names import Ref, digest_of
from registry.people import REGISTRY, SESSION, TIMER, Role
from registry.state import State
from registry.timetable import due
from tests.rules.assembly import Registry
from tests.rules.bench import DEVELOPMENT, NOON, STAGING
from tests.rules.texts import including, make_bot, make_fragment, make_prompt
from tests.rules.workflow_model import DEFAULTS
from tests.rules.workflow_oracle import Oracle, policy_of

BOARD = {"name": "the board agrees", "seat": "board", "kinds": ["policy"]}
PRODUCT = {"name": "product agrees", "seat": "product"}
RISK = {
    "name": "risk agrees",
    "seat": "risk",
    "tiers": ["high"],
    "kinds": ["prompt", "fragment", "bot"],
}
NAMED = {"rejecters": ["board"], "veto_clearers": ["board"]}
POLICIES: dict[str, dict] = {
    "strict": {
        **NAMED,
        "requirements": [PRODUCT, RISK, BOARD],
        "vote_days": 5,
        "rollback_days": 8,
        "separate_tiers": ["high"],
        "emergency": {
            "seats": ["incident"],
            "names": ["acme/**"],
            "ratify_hours": 24,
        },
        "checks": [
            {
                "name": "answers",
                "tiers": ["high"],
                "waived_by": ["risk"],
                "max_age_days": 3,
            }
        ],
    },
    "two": {
        "requirements": [PRODUCT | {"count": 2}, BOARD],
        "seat_hours": 24,
        "policy_hours": 12,
        "vote_days": 4,
        "emergency": {"seats": ["incident", "risk"], "ratify_hours": 12},
    },
    "loose": {
        **NAMED,
        "requirements": [{"name": "nobody is asked", "open": True}],
        "change_days": 6,
    },
    "frozen": {
        **NAMED,
        "requirements": [PRODUCT, BOARD],
        "freezes": [
            {
                "name": "the week's end",
                "zone": "UTC",
                "start": "fri 16:00",
                "end": "mon 08:00",
            },
            {
                "name": "the holidays",
                "zone": "UTC",
                "start": "2026-05-05 00:00",
                "end": "2026-05-07 06:00",
                "names": ["acme/**"],
            },
        ],
        "late_minutes": 600,
    },
    "bare": {
        "requirements": [
            PRODUCT | {"kinds": ["prompt", "policy"]},
            {
                "name": "somebody who is not there",
                "seat": "absent",
                "names": ["beta/**"],
                "tiers": ["high"],
            },
            BOARD,
        ],
        "veto_clearers": ["legal"],
    },
}
SOURCES = {
    name: dump({"environment": "production", **said}) for name, said in POLICIES.items()
}
PEOPLE: dict[str, tuple[tuple[Role, ...], tuple[str, ...]]] = {
    "admin": ((Role.ADMIN,), ()),
    "second-admin": ((Role.ADMIN,), ()),
    "author": ((Role.AUTHOR,), ()),
    "editor": ((Role.AUTHOR,), ()),
    "promoter": ((Role.AUTHOR,), ()),
    "operator": ((Role.OPERATOR,), ()),
    "evaluator": ((Role.EVALUATOR, Role.AUTHOR), ()),
    "product": ((Role.AUTHOR,), ("product",)),
    "second-product": ((Role.AUTHOR,), ("product",)),
    "risk": ((Role.AUTHOR,), ("risk",)),
    "board": ((Role.VIEWER,), ("board",)),
    "legal": ((Role.VIEWER,), ("legal",)),
    "responder": ((Role.AUTHOR, Role.OPERATOR), ("incident",)),
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """What somebody tried, and what came of it.

    Attributes:
        event: `None` if it was refused, with `refused`.
        first: What deciding it came to when it was only asked.
        model: What the model knew of the change beforehand.
        expected: What the model expected.
    """

    before: State
    after: State
    handle: str
    via: str
    command: commands.Command
    now: datetime
    event: Event | None
    refused: RegistryError | None
    first: Decision | RegistryError
    expected: bool | None
    model: Oracle | None


class Reset(Registry):
    """A registry in which somebody else may have set a password.

    Attributes:
        resets: When, by handle.
    """

    resets: dict

    def situation(self, handle, via=SESSION, roles=None):
        found = super().situation(handle, via, roles)
        at = getattr(self, "resets", {}).get(handle) if via == SESSION else None
        return replace(found, actor=replace(found.actor, reset_at=at))


class World:
    """Attributes:
    broke: The invariants that did not hold after the last step.
    over: Nothing more happens.
    asked: What was worked out of the current state.
    """

    def __init__(self) -> None:
        self.registry = Reset(production=SOURCES["strict"].decode(), people=PEOPLE)
        self.registry.resets = {}
        self.model = Oracle({}, {})
        self.tree: dict[str, str] = {}
        self.bodies: list[bytes] = []
        self.log: list[tuple] = []
        self.step: Step | None = None
        self.versions = 1
        self.cursor: State | None = None
        self.stale: set[str] = set()
        self.invariants: tuple[Callable, ...] = ()
        self.broke: list[str] = []
        self.over = False
        self.asked: dict = {}
        self._begin()

    def _begin(self) -> None:
        registry = self.registry
        known = {name: digest_of(text) for name, text in SOURCES.items()}
        model = Oracle(
            {
                "development": policy_of(
                    {
                        "requirements": [{"open": True}],
                        "authors_activate": True,
                    },
                    digest_of(DEVELOPMENT.encode()),
                ),
                "staging": policy_of(
                    {"requirements": [PRODUCT]}, digest_of(STAGING.encode())
                ),
                "production": policy_of(POLICIES["strict"], known["strict"]),
            },
            dict(registry.state.people.items()),
        )
        model.policies = {n: policy_of(POLICIES[n], known[n]) for n in POLICIES}
        model.digests = {text: name for name, text in SOURCES.items()}
        for name, digest in known.items():
            model.policies[name] = policy_of(POLICIES[name], digest)
        model.last = registry.events[0].at
        self.model = model
        self.bodies = [events.dump(registry.events[0])]
        self._keep(registry.events[0])
        self._furnish()

    def _furnish(self) -> None:
        """Make everything live: in development, and from there in production."""
        proposal = self.proposal(
            (
                make_fragment("1.0.0"),
                make_prompt("1.0.0", including()),
                make_prompt("1.0.0", name="beta/other"),
                make_bot("1.0.0"),
            )
        )
        submit = commands.Submit(environment="development", proposal=proposal)
        self.must("author", submit)
        self.activate(1, "author")
        promote = commands.Promote(
            title="Bring it on",
            source="development",
            target="production",
            documents=(Ref("bots/acme/support"), Ref("prompts/beta/other")),
        )
        self.must("promoter", promote)
        self.vote(2, "product")
        self.activate(2, "operator")

    def must(self, handle: str, command: commands.Command) -> None:
        self.do(handle, command)
        assert self.step.event is not None, self.step.refused
        assert self.step.expected is not False, command

    def vote(self, change: int, by: str) -> None:
        digest = self.registry.change(change).revision.review_digest
        command = commands.Vote(
            change=change,
            review_digest=digest,
            verdict=Verdict.APPROVE,
            seat=by,
            reason="",
        )
        self.must(by, command)

    def activate(self, change: int, by: str) -> None:
        digest = self.registry.change(change).revision.review_digest
        self.must(by, commands.Activate(change=change, review_digest=digest))

    def proposal(self, documents, deleted=(), earliest=None) -> commands.Proposal:
        return commands.Proposal(
            title="Say it better",
            documents=tuple(documents),
            deleted=tuple(deleted),
            edited_from=(),
            earliest=earliest,
        )

    def do(
        self, handle: str, command: commands.Command, via: str = SESSION, key=None
    ) -> Event | None:
        registry, model = self.registry, self.model
        before, now = registry.state, registry.now
        for document in getattr(getattr(command, "proposal", None), "documents", ()):
            registry.documents.setdefault(document.digest, document)
        expected = model.expects(handle, via, command, now)
        first = outcome(lambda: decide(registry.situation(handle, via), command))
        known = copy.deepcopy(model) if _matters(command) else None
        event = refused = None
        try:
            event = registry.act(handle, command, via=via, key=key)
        except RegistryError as error:
            refused = error
        self.step = Step(
            before=before,
            after=registry.state,
            handle=handle,
            via=via,
            command=command,
            now=now,
            event=event,
            refused=refused,
            first=first,
            expected=expected,
            model=known,
        )
        resets = dict(registry.resets)
        self.log.append((handle, via, command, now, key, resets))
        if event is not None:
            self._heard(handle, command, event)
        self.look()
        return event

    def look(self) -> None:
        """Ask every invariant; the first that does not hold is what is told."""
        errors = []
        for invariant in self.invariants:
            try:
                invariant(self)
            except Exception as error:  # noqa: BLE001 (one that stumbles does not hold)
                errors.append((invariant.__name__, error))
        if errors:
            self.broke[:] = [name for name, _ in errors]
            raise errors[0][1]

    def _heard(self, handle, command, event: Event) -> None:
        self.bodies.append(events.dump(event))
        self._keep(event)
        change = getattr(event.payload, "change", None)
        if self.step.expected is not False:
            self.model.digest = digest_of(self.bodies[-1])
            try:
                self.model.learn(handle, command, event)
            except AssertionError:
                self.broke[:] = ["the_model_agrees"]
                raise
            if change is not None and change in self.model.changes:
                current = self.registry.change(change).revision
                draft = self.model.changes[change].draft
                known = self.model.contents.setdefault(
                    content_of(current), draft.content
                )
                assert known == draft.content, "two contents have one digest"

    def _keep(self, event: Event) -> None:
        for edit in event.edits:
            if edit.digest is None:
                del self.tree[edit.path]
            else:
                self.tree[edit.path] = edit.digest

    def reset(self, handle: str) -> None:
        """Somebody else sets a password; it is no event."""
        self.registry.resets[handle] = self.registry.now
        self.model.resets[handle] = self.registry.now

    def tick(self) -> None:
        """Let the registry do what is due now."""
        for one in due(self.registry.state, self.registry.now):
            self.do(REGISTRY, one.command, via=TIMER, key=one.key)

    def folded(self, start: State = EMPTY) -> State:
        state = start
        for body in self.bodies[start.head.number :]:
            state = apply(state, events.parse(body), digest_of(body))
        return state

    def again(self) -> list[bytes]:
        """The same commands at the same times, from the beginning."""
        registry = Reset(production=SOURCES["strict"].decode(), people=PEOPLE)
        registry.documents = dict(self.registry.documents)
        for handle, via, command, now, key, resets in self.log:
            registry.now, registry.resets = now, resets
            outcome(lambda: registry.act(handle, command, via=via, key=key))  # noqa: B023
        return [events.dump(event) for event in registry.events]


def outcome(act: Callable):
    try:
        return act()
    except RegistryError as error:
        return error


def _matters(command: commands.Command) -> bool:
    return isinstance(command, (commands.Activate, commands.ActivateInEmergency))


@cache
def _furnished() -> World:
    return World()


def furnished() -> World:
    """Everything is live in development and in production; a copy to change."""
    first = _furnished()
    world = copy.copy(first)
    world.registry = copy.copy(first.registry)
    world.registry.resets = {}
    world.registry.events = list(first.registry.events)
    world.registry.documents = dict(first.registry.documents)
    world.model = copy.deepcopy(first.model)
    world.tree, world.bodies = dict(first.tree), list(first.bodies)
    world.log = list(first.log)
    world.stale, world.step = set(), None
    return world


__all__ = ["DEFAULTS", "NOON", "POLICIES", "SOURCES", "Step", "World", "furnished"]
