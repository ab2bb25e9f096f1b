"""An application on a registry that has begun, and people who talk to it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Engine
from starlette.testclient import TestClient

from registry.api.app import create_app, grants_of, routes_of
from registry.api.bearer import Scope, hash_of, make_token
from registry.api.chatbots import Chatbots
from registry.api.counting import Counting
from registry.api.deps import Parts
from registry.api.door import Door
from registry.api.grants import LONGEST
from registry.api.live import LiveSnapshots
from registry.api.pace import PACE, Pace
from registry.db.engine import disposing
from registry.db.fetches import Fetches
from registry.db.heads import SignedHeads
from registry.db.operations import Session, Token
from registry.writer import HeadSigning, Home, Open, opened
from tests.conftest import SettableClock

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placet:
    """The application, and what is behind it."""

    app: Door
    parts: Parts
    clock: SettableClock

    def anonymous(self) -> TestClient:
        return TestClient(self.app, raise_server_exceptions=False)

    def bearing(self, secret: str) -> TestClient:
        headers = {"Authorization": f"Bearer {secret}"}
        return TestClient(self.app, headers=headers, raise_server_exceptions=False)

    def signed_in(self, handle: str) -> TestClient:
        """A client with a session that took no password, which would be slow."""
        secret, now = make_token(Scope.SESSION), self.clock()
        self.parts.operations.begin_session(
            Session(
                token_hash=hash_of(secret),
                handle=handle,
                began=now,
                last_used=now,
                ends=now + LONGEST,
                reset_at=None,
            )
        )
        self.parts.grants.refresh()
        return self.bearing(secret)

    def machine(
        self,
        scope: Scope,
        *,
        handle: str = "operator",
        environments: tuple[str, ...] = (),
        bots: tuple[str, ...] = (),
    ) -> TestClient:
        """A client with a token that lives a day."""
        secret, now = make_token(scope), self.clock()
        token = Token(
            id=hash_of(secret)[:12],
            handle=handle,
            purpose="a test",
            scope=scope,
            environments=environments,
            bots=bots,
            made=now,
            expires=now + timedelta(days=1),
            revoked=None,
        )
        self.parts.operations.add_token(token, hash_of(secret))
        self.parts.grants.refresh()
        return self.bearing(secret)

    def submit(
        self,
        *sources: str,
        environment: str = "development",
        handle: str = "author",
        **more: Any,
    ) -> JsonObject:
        """Propose documents, and return the change."""
        body = {
            "environment": environment,
            "title": "Say it better",
            "documents": [{"source": source} for source in sources],
            **more,
        }
        answer = self.signed_in(handle).post("/v1/changes", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def activate(self, change: JsonObject, handle: str = "operator") -> JsonObject:
        answer = self.signed_in(handle).post(
            f"/v1/changes/{change['id']}/activation",
            json={"review_digest": change["review_digest"]},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    def live(self, *sources: str, environment: str = "development") -> JsonObject:
        """Have documents live where nobody is asked, and return what was done."""
        return self.activate(self.submit(*sources, environment=environment))

    def vote(self, change: JsonObject, seat: str, verdict: str = "approve") -> Response:
        """Vote as the person who is called like the seat."""
        return self.signed_in(seat).post(
            f"/v1/changes/{change['id']}/votes",
            json={
                "review_digest": change["review_digest"],
                "verdict": verdict,
                "seat": seat,
                "reason": "because",
            },
        )


@pytest.fixture
def registry(
    home: Home, clock: SettableClock, written: list[Callable[[], None]]
) -> Iterator[Open]:
    """The registry at `home`, open; what it serves is renewed after each write."""

    def after_writing() -> None:
        for act in written:
            act()

    with opened(home, clock=clock, written=after_writing) as registry:
        yield registry


@pytest.fixture
def written() -> list[Callable[[], None]]:
    return []


@pytest.fixture
def operations(home: Home) -> Iterator[Engine]:
    engine = home.open_operations()
    yield engine
    engine.dispose()


@pytest.fixture
def counting(home: Home, clock: SettableClock) -> Iterator[Counting]:
    """What is fetched; nobody writes it but a test."""
    with disposing(home.open_fetches()) as engine:
        yield Counting(Fetches(engine), clock)


@pytest.fixture
def heads(home: Home) -> Iterator[SignedHeads]:
    with disposing(home.open_heads()) as engine:
        yield SignedHeads(engine)


@pytest.fixture
def signing(
    home: Home, registry: Open, heads: SignedHeads, clock: SettableClock
) -> HeadSigning:
    """What signs; everything is signed already."""
    signing = HeadSigning(
        engine=registry.engine,
        heads=heads,
        keys=home.head_keys(),
        fence=home.heads_fence(),
        clock=clock,
    )
    signing.sign_changed()
    return signing


@pytest.fixture
def placet(
    registry: Open,
    operations: Engine,
    clock: SettableClock,
    written: list[Callable[[], None]],
    counting: Counting,
    signing: HeadSigning,
    heads: SignedHeads,
) -> Placet:
    live = LiveSnapshots(registry.engine, heads)
    written += [signing.written, live.refresh]
    grants = grants_of(registry, operations, clock)
    chatbots = Chatbots(
        live=live,
        grants=grants,
        counting=counting,
        engine=registry.engine,
        clock=clock,
        settled=registry.writer.settled,
    )
    app = create_app(registry, operations, clock, chatbots, grants=grants)
    return Placet(app=app, parts=routes_of(app).state.parts, clock=clock)


@pytest.fixture
def serve(
    registry: Open,
    operations: Engine,
    clock: SettableClock,
    written: list[Callable[[], None]],
    counting: Counting,
) -> Callable[..., AbstractContextManager[Any]]:
    """Serves the registry on a real connection, at a pace and for so many at once."""
    from tests.api.served import served

    def serving(pace: Pace = PACE, most: int = 100) -> AbstractContextManager[Any]:
        live = LiveSnapshots(registry.engine)
        written.append(live.refresh)
        grants = grants_of(registry, operations, clock)
        chatbots = Chatbots(
            live=live,
            grants=grants,
            counting=counting,
            engine=registry.engine,
            clock=clock,
            settled=registry.writer.settled,
            pace=pace,
            most=most,
        )
        app = create_app(registry, operations, clock, chatbots, grants=grants)
        placet = Placet(app=app, parts=routes_of(app).state.parts, clock=clock)
        return served(placet, chatbots)

    return serving
