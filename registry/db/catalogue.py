"""What live documents say of themselves beside their texts, read as it is served."""

from collections.abc import Collection, Iterable, Mapping

import msgspec
from sqlalchemy import Connection, select

from registry.db.projection import LIVE, SERVED
from registry.names import Digest


class Named(msgspec.Struct, frozen=True, kw_only=True):
    name: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A call of a bot that is chained; `prompt` is a role of the bot's."""

    name: str
    prompt: str
    after: tuple[str, ...] = ()


class About(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a served body as tells what it is; a bot has the last two."""

    description: str = ""
    labels: dict[str, str] = {}
    steps: tuple[Step, ...] = ()
    prompts: dict[str, Named] = {}


class _Labelled(msgspec.Struct):
    """As much as a label needs; msgspec skips the rest."""

    labels: dict[str, str] = {}


def read_about(
    connection: Connection, composed: Iterable[Digest]
) -> Mapping[Digest, About]:
    """What is served says, by composed digest."""
    rows = connection.execute(
        select(SERVED.c.digest, SERVED.c.body).where(
            SERVED.c.digest.in_(sorted(set(composed)))
        )
    )
    return {
        Digest(row.digest): msgspec.json.decode(bytes(row.body), type=About)
        for row in rows
    }


def read_labelled(
    connection: Connection, environments: Collection[str], name: str, value: str | None
) -> frozenset[Digest]:
    """The composed digests of what is live with a label.

    Args:
        value: `None` for whatever the label says.
    """
    live = select(LIVE.c.composed).where(
        LIVE.c.until.is_(None), LIVE.c.environment.in_(environments)
    )
    rows = connection.execution_options(yield_per=500).execute(
        select(SERVED.c.digest, SERVED.c.body).where(SERVED.c.digest.in_(live))
    )
    found = set()
    for row in rows:
        labels = msgspec.json.decode(bytes(row.body), type=_Labelled).labels
        if name in labels and value in {None, labels[name]}:
            found.add(Digest(row.digest))
    return frozenset(found)
