"""Receivers of notices, and people who are to be told."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from registry.notices import Notice, Urgency, audience, notice_id
from tests.outbox.receivers import Authority, Receiver, make_authority, receiving

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificates")
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def notice() -> Notice:
    return make_notice()


def make_notice(cause: str = "1", **more: object) -> Notice:
    what: dict[str, object] = {
        "id": notice_id("tested", "stopped", cause),
        "at": NOON,
        "kind": "stopped",
        "environment": "production",
        "subject": "operator has stopped acme/support in production",
        "body": ("It says nonsense.", "It says its fallback until it is resumed."),
        "change": 42,
        "bot": "acme/support",
        "path": "/v1/changes/42",
        "audience": audience("product", "risk"),
        "urgency": Urgency.HIGH,
        "by": "operator",
        "due": None,
    }
    return Notice(**{**what, **more})  # type: ignore[arg-type]
