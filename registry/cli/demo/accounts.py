"""The accounts of the demonstration, and the file that keeps their passwords."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from registry.cli.beginning import Account, make_password, parse_account
from registry.cli.session import write_private
from registry.errors import Invalid
from registry.writer import Home

PEOPLE = (
    "admin:admin",
    "admin2:admin",
    "author:author",
    "operator:operator",
    "evaluator:evaluator",
    "auditor:auditor",
    "viewer:viewer",
    "product:viewer:product",
    "risk:viewer:risk",
    "legal:viewer:legal",
    "board:viewer:board",
    "incident:viewer:incident",
)
"""Somebody for every role and seat, from the beginning."""


JOINED = ("author2:author", "risk2:viewer:risk")
"""Who is appointed in the course of the half year."""

READS = "production"
FILE = "demo-accounts.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Attributes:
    passwords: By handle.
    token: Reads `production`; `None` until there is one.
    """

    passwords: Mapping[str, str]
    token: str | None


def new_demo(*people: str) -> Demo:
    """New passwords for *people*, and no token yet."""
    return Demo(passwords={_handle(one): make_password() for one in people}, token=None)


def accounts_of(demo: Demo) -> list[Account]:
    return [
        parse_account(text, demo.passwords[_handle(text)])
        for text in (*PEOPLE, *JOINED)
        if _handle(text) in demo.passwords
    ]


def read_demo(home: Home) -> Demo | None:
    path = home.path / FILE
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Demo)
    except msgspec.MsgspecError as error:
        raise Invalid(
            f"{path} is damaged: {error}",
            hint="Move it away, and what was printed from it is no longer printed.",
        ) from error


def write_demo(home: Home, demo: Demo) -> None:
    """For the owner of the files alone: it has passwords in it."""
    data = msgspec.json.format(msgspec.json.encode(demo), indent=2)
    write_private(home.path / FILE, data + b"\n")


def _handle(person: str) -> str:
    return person.partition(":")[0]
