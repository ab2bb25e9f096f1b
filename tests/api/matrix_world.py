"""A registry in which everything can be asked for, and what is asked of it.

`World.client` gives each caller of `tests/api/matrix.py` a way in.  Every other
public function makes something fresh to ask about and says what to ask, so that
whoever may do it can: a refusal then is about who asks, and about nothing else.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.testclient import TestClient

from registry.api.app import create_app, grants_of, routes_of
from registry.api.bearer import Scope, hash_of
from registry.api.bearer import make_token as make_secret
from registry.api.chatbots import Chatbots
from registry.api.counting import Counting
from registry.api.live import LiveSnapshots
from registry.api.passwords import Passwords
from registry.commands import Create
from registry.db.fetches import Fetches
from registry.db.heads import SignedHeads
from registry.db.operations import Token
from registry.effects import stopped_reason
from registry.names import digest_of
from registry.outbox import Outgoing, parse_allowed
from registry.people import Identity, Limit, Person, Role, person
from registry.policy_text import parse_policy
from registry.writer import HeadSigning, Home, opened
from tests.api import bound, texts
from tests.api.conftest import JsonObject, Placet
from tests.api.test_guarding import RULES
from tests.conftest import SettableClock

POLICY = """\
environment: {environment}
requirements:
  - {{name: everybody, open: true}}
authors_activate: true
veto_clearers: [risk]
emergency: {{seats: [risk], kinds: [prompt], ratify_hours: 24}}
checks:
  - {{name: answers, names: [checked/**], waived_by: [risk]}}
reviews:
  - {{tiers: [medium], notice_days: 30, lapsed: warn, seats: [risk]}}
"""
HERE, AWAY = "development", "staging"
PASSWORD = "correct horse battery"
HASH = Passwords().make_hash(PASSWORD)
GLOSSARY = """\
kind: glossary
name: acme/fares
version: "1.0.0"
owner: product
description: What fares are called.
tier: low
terms:
  - term: fare
    definition: What a seat costs.
    owner: product
"""


def limited(held: str, **where: tuple[str, ...]) -> tuple[Limit, ...]:
    wide: dict[str, tuple[str, ...]] = {"environments": (), "names": ()}
    return (Limit(held=held, **(wide | where)),)


def holding(
    handle: str, *roles: Role, seats: tuple[str, ...] = (), limits: tuple = ()
) -> Person:
    return person(handle, roles=roles, seats=seats, active=True, limits=limits)


PEOPLE = (
    *(holding(str(role), role) for role in Role),
    holding("other", Role.AUTHOR),
    holding("seat", seats=("risk",)),
    holding("owner", Role.VIEWER),
    holding("nothing"),
    holding("on-call"),
    holding(
        "author-away", Role.AUTHOR, limits=limited("author", names=("elsewhere/**",))
    ),
    holding(
        "operator-away",
        Role.OPERATOR,
        limits=limited("operator", environments=(AWAY,)),
    ),
    holding(
        "seat-away", seats=("risk",), limits=limited("risk", names=("elsewhere/**",))
    ),
    holding("everything", *(set(Role) - {Role.ADMIN}), seats=("risk", "board")),
    holding("board", seats=("risk", "board")),
    holding("admin2", Role.ADMIN),
    holding("target", Role.VIEWER),
)
TOKENS: dict[str, tuple[Scope, dict[str, Any]]] = {
    "read": (Scope.READ, {}),
    "bot": (Scope.READ, {"bots": (bound.BOT,)}),
    "clone": (Scope.CLONE, {}),
    "check": (Scope.CHECK, {}),
    "submit": (Scope.SUBMIT, {}),
    "operate": (Scope.OPERATE, {}),
    "own": (Scope.SUBMIT, {"handle": "author"}),
    "away": (Scope.OPERATE, {"environments": (AWAY,)}),
    "read-away": (Scope.READ, {"environments": (AWAY,)}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is put into an address, and sent along."""

    path: dict[str, object] = field(default_factory=dict)
    body: JsonObject | None = None
    query: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    kind: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    placet: Placet
    numbers: Iterator[int] = field(default_factory=count)
    clients: dict[str, TestClient] = field(default_factory=dict)

    def client(self, caller: str) -> TestClient:
        """The same one each time, until `forgets` it."""
        if caller not in self.clients:
            self.clients[caller] = self._comes_in(caller)
        return self.clients[caller]

    def forgets(self, caller: str) -> None:
        self.clients.pop(caller, None)

    def _comes_in(self, caller: str) -> TestClient:
        if caller == "nobody":
            return self.placet.anonymous()
        if caller in TOKENS:
            scope, more = TOKENS[caller]
            return self.placet.machine(scope, **{"handle": "everything", **more})
        return self.placet.signed_in(caller)

    def does(self, handle: str, method: str, path: str, body: JsonObject) -> JsonObject:
        answer = self.client(handle).request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json()

    def submits(self, source: str | None = None, by: str = "author") -> JsonObject:
        source = source or texts.prompt(name=self.fresh())
        return self.placet.submit(source, environment=HERE, handle=by)

    def fresh(self, folder: str = "fresh") -> str:
        return f"{folder}/n{next(self.numbers)}"

    @property
    def tomorrow(self) -> str:
        return (self.placet.clock() + timedelta(days=1)).isoformat()

    @property
    def head(self) -> int:
        return self.placet.parts.opened.writer.state.head.number


@contextmanager
def world(path: Path, policy: str = POLICY) -> Iterator[World]:
    """A registry with a bot that is live in two environments."""
    home, clock = Home(path=path), SettableClock()
    home.create().close()
    engine, fetches = home.open_operations(), home.open_fetches()
    heads = home.open_heads()
    renewed: list[Callable[[], None]] = []
    with opened(home, clock=clock, written=lambda: [f() for f in renewed]) as registry:
        registry.writer.write(
            Create(
                repository="tested",
                policies=tuple(
                    parse_policy(policy.format(environment=one).encode())
                    for one in (HERE, AWAY)
                ),
                people=PEOPLE,
            ),
            by=Identity(handle="admin", via="local", roles=None),
        )
        signed = SignedHeads(heads)
        signing = HeadSigning(
            engine=registry.engine,
            heads=signed,
            keys=home.head_keys(),
            fence=home.heads_fence(),
            clock=clock,
        )
        live = LiveSnapshots(registry.engine, signed)
        renewed += [signing.written, live.refresh]
        grants = grants_of(registry, engine, clock)
        app = create_app(
            registry,
            engine,
            clock,
            Chatbots(
                live=live,
                grants=grants,
                counting=Counting(Fetches(fetches), clock),
                engine=registry.engine,
                clock=clock,
                settled=registry.writer.settled,
            ),
            grants=grants,
            outgoing=Outgoing(
                allowed=parse_allowed(["http://127.0.0.1:9"]),
                mail=None,
                url="",
                console=None,
            ),
        )
        placet = Placet(app=app, parts=routes_of(app).state.parts, clock=clock)
        _goes_live(placet)
        registry.afterwards.once()
        yield World(placet=placet)
    engine.dispose()
    fetches.dispose()
    heads.dispose()


def _goes_live(placet: Placet) -> None:
    owned = _answered_for(bound.bot(main="acme/chat"))
    sources = (
        texts.prompt(),
        texts.fragment(),
        GLOSSARY,
        RULES,
        bound.backup(),
        bound.binding(),
        owned,
    )
    placet.live(*sources, environment=HERE)
    named = [f"bots/{bound.BOT}", "fragments/acme/tone", "glossaries/acme/fares"]
    brought = placet.signed_in("author").post(
        f"/v1/environments/{AWAY}/promotions",
        json={"source": HERE, "documents": named, "title": "There as well"},
    )
    placet.activate(brought.json())
    newer = texts.prompt(version="1.0.1", text="Answer kindly.")
    placet.live(newer, environment=HERE)
    for handle in {one.handle for one in PEOPLE}:
        placet.parts.operations.save_password(handle, HASH)


def _answered_for(bot: str) -> str:
    """By the callers who answer for it."""
    owned = bot.replace("owner: product", "owner: owner")
    return re.sub("on_call: .+", "on_call: on-call", owned)


def ask(client: TestClient, method: str, address: str, asked: Asked) -> tuple[int, str]:
    """The status of the answer, and what it says."""
    filled = {
        "environment": HERE,
        "kinds": "prompts",
        "kind": "prompt",
        "name": "acme/refunds",
        "repository": HERE,
        **asked.path,
    }
    path = address.replace(":path", "").format(**filled)
    headers = {"Content-Type": asked.kind} if asked.kind else {}
    headers |= asked.headers
    answer = client.request(
        method,
        path,
        json=asked.body,
        params=asked.query,
        content=asked.content,
        headers=headers,
    )
    return answer.status_code, answer.text


FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}

MADE_FOR = {"own_password", "own_token", "certify"}
"""What is asked differently by each caller."""

# What is asked: a function for each name in `matrix.ROWS`.


def ready(world: World, caller: str) -> Asked:
    world.placet.parts.pulse.look()
    return Asked()


def nothing_more(world: World, caller: str) -> Asked:
    return Asked()


def sign_in(world: World, caller: str) -> Asked:
    return Asked(body={"handle": "target", "password": PASSWORD})


def sign_in_by_form(world: World, caller: str) -> Asked:
    return Asked(
        content=urlencode({"handle": "target", "password": PASSWORD}).encode(),
        kind="application/x-www-form-urlencoded",
        headers=FROM_OUR_PAGE,
    )


def sign_out_by_form(world: World, caller: str) -> Asked:
    return Asked(headers=FROM_OUR_PAGE)


def submit(world: World, caller: str) -> Asked:
    source = texts.prompt(name=world.fresh())
    return Asked(
        body={"environment": HERE, "title": "New", "documents": [{"source": source}]}
    )


def change(world: World, caller: str) -> Asked:
    return Asked(path={"change": world.submits()["id"]}, body=None)


def cases(world: World, caller: str) -> Asked:
    found = world.submits()
    return replace(about(world, found), body=None, query={"document": prompt_in(found)})


def prompt_in(change: JsonObject) -> str:
    return change["edits"][0]["document"]


def bot_if_live(world: World, caller: str) -> Asked:
    found = change(world, caller)
    return replace(found, path={**found.path, "name": bound.BOT})


def receipt(world: World, caller: str) -> Asked:
    asked = vote(world, caller)
    path = f"/v1/changes/{asked.path['change']}/votes"
    world.does("seat", "POST", path, asked.body)
    world.placet.parts.opened.afterwards.once()
    return replace(asked, body=None, query={"voter": "seat"})


def signed_change(world: World, caller: str) -> Asked:
    asked = change(world, caller)
    world.placet.parts.opened.afterwards.once()
    return asked


def evidence(world: World, caller: str) -> Asked:
    now = world.placet.clock()
    return Asked(
        query={
            "from": (now - timedelta(days=1)).isoformat(),
            "to": now.isoformat(),
        }
    )


def withdraw(world: World, caller: str) -> Asked:
    return about(world, world.submits(), reason="Not now.")


def about(world: World, change: JsonObject, **body: object) -> Asked:
    return Asked(path={"change": change["id"]}, body=body)


def revise(world: World, caller: str) -> Asked:
    name = world.fresh()
    found = world.submits(texts.prompt(name=name))
    source = texts.prompt(name=name, text="Say less.")
    return about(world, found, title="Less", documents=[{"source": source}])


def attach(world: World, caller: str) -> Asked:
    found = world.submits()
    return about(
        world,
        found,
        name="answers",
        content=found["content"],
        passed=True,
        total=1,
        failed=0,
    )


def waive(world: World, caller: str) -> Asked:
    found = world.submits(texts.prompt(name=world.fresh("checked")))
    return about(
        world,
        found,
        review_digest=found["review_digest"],
        check="answers",
        seat="risk",
        reason="The pipeline is down.",
        expires=world.tomorrow,
    )


def vote(world: World, caller: str) -> Asked:
    found = world.submits()
    return about(
        world,
        found,
        review_digest=found["review_digest"],
        verdict="approve",
        seat="risk",
    )


def meet_condition(world: World, caller: str) -> Asked:
    found = vote(world, caller)
    wanted = {"text": "Tell them", "owner": "owner", "due": world.tomorrow}
    path = f"/v1/changes/{found.path['change']}/votes"
    world.does("board", "POST", path, {**(found.body or {}), "condition": wanted})
    return replace(found, body={"voter": "board", "note": "They know."})


def clear_veto(world: World, caller: str) -> Asked:
    found = vote(world, caller)
    said = {"verdict": "veto", "reason": "Not so.", "seat": "board"}
    path = f"/v1/changes/{found.path['change']}/votes"
    world.does("board", "POST", path, {**(found.body or {}), **said})
    return replace(found, body={"veto_by": "board", "reason": "It is so."})


def comment(world: World, caller: str) -> Asked:
    return about(world, world.submits(), text="Why?")


def activate(world: World, caller: str) -> Asked:
    found = world.submits()
    return about(world, found, review_digest=found["review_digest"])


def activate_in_emergency(world: World, caller: str) -> Asked:
    found = world.submits()
    return about(
        world,
        found,
        review_digest=found["review_digest"],
        seat="risk",
        incident="INC-7",
        reason="It names a customer.",
    )


def ratification(world: World, caller: str) -> Asked:
    found = activate_in_emergency(world, caller)
    path = f"/v1/changes/{found.path['change']}/emergency"
    done = world.does("everything", "POST", path, found.body or {})
    return Asked(path={"ratification": done["ratification"]})


def judge(world: World, caller: str) -> Asked:
    found = ratification(world, caller)
    path = f"/v1/ratifications/{found.path['ratification']}"
    opened = world.placet.signed_in("viewer").get(path).json()
    said = {"activated": opened["activated"], "judgement": "ratify", "seat": "risk"}
    return replace(found, body=said)


def receipt_of_judgement(world: World, caller: str) -> Asked:
    asked = judge(world, caller)
    path = f"/v1/ratifications/{asked.path['ratification']}/judgements"
    world.does("seat", "POST", path, asked.body)
    world.placet.parts.opened.afterwards.once()
    return replace(asked, body=None, query={"voter": "seat"})


def certify(world: World, caller: str) -> Asked:
    seat = None if caller == "owner" else "risk"
    return Asked(
        body={
            "document": f"bots/{bound.BOT}",
            "digest": digest_of_bot(world),
            "until": "2026-08-01T00:00:00Z",
            "seat": seat,
            "reason": "I have read it.",
        }
    )


def digest_of_bot(world: World) -> str:
    live = world.placet.parts.opened.writer.state.environments[HERE].live
    return live[f"bots/{bound.BOT}"].document.digest  # type: ignore[index]


def bundles(world: World, caller: str) -> Asked:
    return Asked(query={"bot": bound.BOT})


def drift(world: World, caller: str) -> Asked:
    return Asked(query={"against": AWAY})


def differences(world: World, caller: str) -> Asked:
    return Asked(query={"from": "1"})


def promote(world: World, caller: str) -> Asked:
    name = world.fresh()
    world.placet.live(texts.prompt(name=name), environment=AWAY)
    return Asked(body={"source": AWAY, "documents": [f"prompts/{name}"], "title": "On"})


def roll_back(world: World, caller: str) -> Asked:
    return _rollback(world, propose=False)


def propose_rollback(world: World, caller: str) -> Asked:
    return _rollback(world, propose=True)


def _rollback(world: World, *, propose: bool) -> Asked:
    """Of the bot itself, so that whoever answers for it can."""
    version = f"1.0.{100 + next(world.numbers)}"
    owned = _answered_for(bound.bot(version=version, main="acme/chat")).replace(
        "Answers customers.", f"Answers customers, {version}."
    )
    seq = world.placet.live(owned, environment=HERE)["seq"]
    body = {"document": f"bots/{bound.BOT}", "to_seq": seq - 1, "reason": "Worse."}
    return Asked(body={**body, "propose": propose})


def preview_rollback(world: World, caller: str) -> Asked:
    return Asked(body={"all": True, "to_seq": 1})


def stop(world: World, caller: str) -> Asked:
    _answers_again(world)
    return Asked(body={"bot": bound.BOT, "reason": "Odd answers."})


def resume(world: World, caller: str) -> Asked:
    _answers_again(world)
    path = f"/v1/environments/{HERE}/stops"
    world.does("operator", "POST", path, {"bot": bound.BOT, "reason": "Odd answers."})
    return Asked(body={"bot": bound.BOT, "title": "On again"})


def beneath(world: World, caller: str) -> Asked:
    resume(world, caller)
    return Asked(path={"name": bound.BOT})


def preview_resumption(world: World, caller: str) -> Asked:
    return Asked(body={"bot": bound.BOT})


def _answers_again(world: World) -> None:
    state = world.placet.parts.opened.writer.state
    if stopped_reason(state.environments[HERE], bound.BOT) is None:
        return
    path = f"/v1/environments/{HERE}/resumptions"
    body = {"bot": bound.BOT, "title": "On again"}
    world.placet.activate(world.does("author", "POST", path, body))


def bot(world: World, caller: str) -> Asked:
    return Asked(path={"name": bound.BOT})


def fragment(world: World, caller: str) -> Asked:
    return Asked(path={"name": "acme/tone"})


def guardrail(world: World, caller: str) -> Asked:
    return Asked(path={"name": "acme/rules"})


def binding(world: World, caller: str) -> Asked:
    return Asked(path={"name": "acme/chat"})


def glossary(world: World, caller: str) -> Asked:
    return Asked(path={"name": "acme/fares"})


def bundle(world: World, caller: str) -> Asked:
    return Asked(path={"digest": bound.told(world.placet)["bundle"]})


def ask_model(world: World, caller: str) -> Asked:
    """Without a key, so that whoever may is told that there is none."""
    _answers_again(world)
    return Asked(body={"bot": bound.BOT, "prompt": "refunds"})


def render(world: World, caller: str) -> Asked:
    return Asked(body={})


def guard(world: World, caller: str) -> Asked:
    return Asked(path={"name": "acme/rules"}, body={"stage": "input", "text": "a cat"})


def observe(world: World, caller: str) -> Asked:
    _answers_again(world)
    return Asked(body={"observations": [bound.observed(world.placet)]})


def resolve_alert(world: World, caller: str) -> Asked:
    _answers_again(world)
    strange = bound.observed(world.placet, model=f"another-{next(world.numbers)}")
    path = f"/v1/environments/{HERE}/observations"
    body = {"observations": [strange]}
    world.placet.machine(Scope.READ).post(path, json=body)
    alerts = world.placet.signed_in("viewer").get("/v1/alerts?resolved=false").json()
    return Asked(
        path={"alert": alerts["items"][0]["id"]}, body={"reason": "It was put back."}
    )


def add_target(world: World, caller: str) -> Asked:
    name = f"t{next(world.numbers)}"
    return Asked(
        body={"kind": "webhook", "name": name, "address": "http://127.0.0.1:9/x"}
    )


def target(world: World, caller: str) -> Asked:
    wanted = add_target(world, caller).body or {}
    made = world.does("admin", "POST", "/v1/notification-targets", wanted)
    return Asked(path={"target": made["id"]})


def document(world: World, caller: str) -> Asked:
    name = world.fresh()
    world.placet.live(texts.prompt(name=name), environment=HERE)
    return Asked(path={"name": name, "version": "1.0.0"})


def uses(world: World, caller: str) -> Asked:
    name = world.fresh()
    world.placet.live(texts.prompt(name=name), environment=HERE)
    return Asked(query={"document": f"prompts/{name}"})


def search(world: World, caller: str) -> Asked:
    return Asked(query={"q": "politely"})


def recall(world: World, caller: str) -> Asked:
    source = texts.prompt(name=world.fresh())
    world.submits(source)
    return Asked(body={"digest": digest_of(source.encode()), "reason": "Harmful."})


def policy(world: World, caller: str) -> Asked:
    days = 1 + next(world.numbers) % 360
    source = POLICY.format(environment=HERE) + f"change_days: {days}\n"
    return Asked(body={"title": "Days", "source": source})


def simulate(world: World, caller: str) -> Asked:
    return Asked(body={"source": POLICY.format(environment=HERE), "last": 1})


def explain_policy(world: World, caller: str) -> Asked:
    return Asked(body={})


def explain_edit(world: World, caller: str) -> Asked:
    return Asked(body={"document": "prompts/acme/refunds"})


def set_person(world: World, caller: str) -> Asked:
    body = {"roles": ["author"], "seats": [], "active": True}
    return Asked(path={"handle": f"p{next(world.numbers)}"}, body=body)


def confirm_person(world: World, caller: str) -> Asked:
    wanted = set_person(world, caller)
    path = f"/v1/people/{wanted.path['handle']}"
    body = {**(wanted.body or {}), "seats": ["risk"]}
    asked = world.does("admin2", "PUT", path, body)["asked_for"]
    return replace(wanted, body={"proposed": asked["number"]})


def refuse_person(world: World, caller: str) -> Asked:
    asked = confirm_person(world, caller)
    return replace(asked, body={**(asked.body or {}), "reason": "They have left."})


def others_password(world: World, caller: str) -> Asked:
    return Asked(path={"handle": "target"}, body={"password": PASSWORD})


def own_password(world: World, caller: str) -> Asked:
    handle = caller if caller not in {*TOKENS, "nobody"} else "everything"
    return Asked(
        path={"handle": handle}, body={"password": PASSWORD, "current": PASSWORD}
    )


def make_token(world: World, caller: str) -> Asked:
    return Asked(body={"purpose": "a test", "scope": "read", "days": 1})


def make_cloning_token(world: World, caller: str) -> Asked:
    return Asked(body={"purpose": "a test", "scope": "clone", "days": 1})


def make_token_for_another(world: World, caller: str) -> Asked:
    return Asked(body={**(make_token(world, caller).body or {}), "handle": "target"})


def own_token(world: World, caller: str) -> Asked:
    return _token(world, caller if caller not in {*TOKENS, "nobody"} else "everything")


def others_token(world: World, caller: str) -> Asked:
    return _token(world, "target")


def _token(world: World, handle: str) -> Asked:
    secret, now = make_secret(Scope.READ), world.placet.clock()
    token = Token(
        id=hash_of(secret)[:12],
        handle=handle,
        purpose="a test",
        scope=Scope.READ,
        environments=(),
        bots=(),
        made=now,
        expires=now.replace(year=now.year + 1),
        revoked=None,
    )
    world.placet.parts.operations.add_token(token, hash_of(secret))
    return Asked(path={"token": token.id})


def text(world: World, caller: str) -> Asked:
    return Asked(path={"digest": digest_of(texts.prompt().encode())})


def clone(world: World, caller: str) -> Asked:
    return Asked(query={"service": "git-upload-pack"})


def begin_push(world: World, caller: str) -> Asked:
    return Asked(query={"service": "git-receive-pack"})


def fetch(world: World, caller: str) -> Asked:
    return Asked(content=b"0000", kind="application/x-git-upload-pack-request")


def push_nothing(world: World, caller: str) -> Asked:
    return Asked(content=b"0000", kind="application/x-git-receive-pack-request")
