"""Verifying: each kind of damage is found, and the first of it is named."""

from datetime import datetime
from threading import Event, Thread

import pytest
from sqlalchemy import Integer, LargeBinary, delete, insert, select, update

from registry.db.engine import writing
from registry.db.projection import HEAD, SERVED, TABLES, TEXT
from registry.errors import LedgerBroken
from registry.writer import opened
from registry.writer.verify import verify
from tests.writer.acts import prompt


def test_everything_is_counted(lived, verified):
    state = lived.writer.state

    found = verified(lived)

    assert found.events == state.head.number == 12
    assert found.environments == {"staging": 4, "production": 1}
    assert found.head == state.head.digest


def test_progress_is_told_for_each_event_at_least_once(lived):
    told = []

    verify(lived.ledger, lived.engine, told.append)

    assert told[-1] == 12


def test_an_empty_registry_is_as_it_should_be(home):
    with opened(home) as empty:
        found = verify(empty.ledger, empty.engine, lambda _: None)

    assert (found.events, found.rows) == (0, 0)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (b'"text":"Hello', b'"text":"HELLO', "event 5 does not follow event 4"),
        (b'"number":4', b'"number":9', "event 9 does not follow event 3"),
        (b'{"actor"', b'["actor"', "event 1 does not hold: not an event"),
        (b"text: Speak softly.", b"text: Speak SOFTLY.", "event 2 .* has not the dig"),
        (
            b"Comment on change 1 in staging\n",
            b"Comment on change 2 in staging\n",
            "commit of event 4 does not hold",
        ),
        (b"author <author@placet>", b"author <editor@placet>", "commit of event 2 do"),
        (b"author author <", b"author nobody <", "commit of event 2 does not hold"),
        (b" +0000\ndata", b" +0100\ndata", "commit of event 1 does not hold"),
    ],
    ids=[
        "event",
        "number",
        "json",
        "text",
        "message",
        "e-mail",
        "name",
        "zone",
    ],
)
def test_a_rewritten_history_is_found(old, new, named, lived, hand, verified):
    hand.rewrite(old, new)

    with pytest.raises(LedgerBroken, match=named):
        verified(lived)


@pytest.mark.parametrize(
    "path",
    [
        "live/staging/prompts/acme/extra.yaml",
        "live/production/prompts/acme/refunds.yaml",
        "policy/staging.yaml",
    ],
)
def test_a_tree_that_no_event_makes_is_found(path, lived, hand, verified):
    """The event is there and its chain holds; only a file beside it is not its own."""
    hand.commit({path: b"kind: prompt"}, parents=["main~1"], message="By hand")

    with pytest.raises(LedgerBroken, match="commit of event 12 does not hold") as found:
        verified(lived)

    assert "Restore the ledger" in found.value.hint


def test_a_flipped_bit_on_the_disk_is_found(lived, hand, verified):
    for pack in hand.ledger.glob("objects/pack/*.pack"):
        data = bytearray(pack.read_bytes())
        data[len(data) // 2] ^= 1
        pack.chmod(0o600)
        pack.write_bytes(data)

    with pytest.raises(LedgerBroken, match="the ledger could not be read"):
        verified(lived)


def test_a_lost_end_of_the_ledger_is_found(lived, hand, verified):
    hand.move("main~2")

    with pytest.raises(LedgerBroken, match="at 11") as found:
        verified(lived)

    assert "Restore the ledger" in found.value.hint


def test_a_lost_event_file_is_found(lived, hand, verified):
    hand.commit(onto="main~1", parents=["main~1"])

    with pytest.raises(LedgerBroken, match="event 12 is not in the commit"):
        verified(lived)


ALTERED = [(table, c.name) for table in (*TABLES, HEAD) for c in table.columns]


@pytest.mark.parametrize(
    ("table", "column"), ALTERED, ids=[f"{table.name}.{c}" for table, c in ALTERED]
)
def test_an_altered_row_is_found(table, column, lived, verified):
    alter(
        lived.engine, table, lambda row: {column: other(table.c[column], row[column])}
    )

    with pytest.raises(LedgerBroken, match=f"the table {table.name} d") as found:
        verified(lived)

    assert "placet rebuild" in found.value.hint


@pytest.mark.parametrize("table", [*TABLES, HEAD], ids=lambda table: table.name)
def test_a_missing_row_is_found(table, lived, verified):
    alter(lived.engine, table, lambda row: None)

    with pytest.raises(LedgerBroken, match=f"the table {table.name} d"):
        verified(lived)


def alter(engine, table, change):
    """Change the first row of *table*; to None deletes it."""
    keys = table.primary_key.columns
    with writing(engine) as connection:
        row = connection.execute(select(table).order_by(*keys)).mappings().first()
        values = change(row)
        alter = delete(table) if values is None else update(table).values(values)
        connection.execute(alter.where(*(key == row[key.name] for key in keys)))


def other(column, value):
    """Something else that the column can hold."""
    if isinstance(column.type, LargeBinary):
        return value + b" "
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime):
        return value.replace(year=2027)
    if isinstance(column.type, Integer):
        return (value or 0) + 1000
    return f"{value}x"


@pytest.mark.parametrize("table", [TEXT, SERVED], ids=lambda table: table.name)
def test_a_row_too_many_is_found(table, lived, verified):
    digest = "sha256:" + "f" * 64
    with writing(lived.engine) as connection:
        connection.execute(insert(table), {"digest": digest, "body": b"x"})

    with pytest.raises(LedgerBroken, match=f"{table.name} differs .*{digest}"):
        verified(lived)


def test_rows_are_compared_whatever_the_database_sorts_by(registry, acts, verified):
    names = ["a-b", "a/b", "a.b", "ab", "a_b", "a-b/c", "b"]
    acts.put_live(*(prompt("1.0.0", "Be kind.", name=name) for name in names))

    assert verified(registry).events == 3


def rewrite_branch(hand):
    tree = hand.git("rev-parse", "env/staging^{tree}")
    message = hand.git("log", "-1", "--format=%B", "env/staging")
    forged = hand.git("commit-tree", "-m", message, "-p", "env/staging~1", tree)
    hand.move(forged, "refs/heads/env/staging")


def continue_branch(hand):
    tree = hand.git("rev-parse", "env/staging^{tree}")
    message = "Mine\n\nPlacet-Event: 99"
    forged = hand.git("commit-tree", "-m", message, "-p", "env/staging", tree)
    hand.move(forged, "refs/heads/env/staging")


def replace_branch(hand):
    hand.move("main", "refs/heads/env/staging")


@pytest.mark.parametrize("change", [rewrite_branch, continue_branch, replace_branch])
def test_a_branch_that_somebody_moved_is_found(change, lived, hand, verified):
    change(hand)

    with pytest.raises(LedgerBroken, match="the branch env/staging") as found:
        verified(lived)

    assert "--branches" in found.value.hint


def test_a_branch_that_is_behind_is_as_it_should_be(lived, hand, verified):
    hand.move("env/staging~1", "refs/heads/env/staging")

    assert verified(lived).environments["staging"] == 4


def test_others_may_write_meanwhile(lived, acts, verified):
    ended = Event()

    def write():
        while not ended.is_set():
            acts.say("And another thing.")
            lived.afterwards.once()

    writer = Thread(target=write)
    writer.start()
    try:
        found = [verified(lived).events for _ in range(3)]
    finally:
        ended.set()
        writer.join()

    assert found == sorted(found)
