"""Either can be lost: the tables follow from the ledger, the ledger from the tables."""

import shutil

import pytest
from sqlalchemy import delete, select, update

from registry.db.engine import reading, writing
from registry.db.projection import EVENT, TEXT, clear, read_head
from registry.errors import Conflict, Invalid, LedgerBroken, RegistryError
from registry.ledger import Ledger
from registry.writer import opened
from registry.writer.rebuild import rebuild_branches, rebuild_ledger, rebuild_tables
from tests.writer.acts import Acts, fragment


def silent(number):
    """Nobody looks at the progress."""


def rebuild(registry):
    return rebuild_tables(registry.ledger, registry.engine, registry.fence, silent)


def test_i18_rows_come_out_the_same(lived, dump):
    before = dump(lived.engine)

    state = rebuild(lived)

    assert dump(lived.engine) == before
    assert state == lived.writer.state


def test_i18_rows_come_out_the_same_from_nothing(lived, dump):
    before = dump(lived.engine)
    with writing(lived.engine) as connection:
        clear(connection)

    rebuild(lived)

    assert dump(lived.engine) == before


def test_rows_come_out_the_same_in_a_new_database(lived, home, clock, dump):
    before = dump(lived.engine)
    moved = type(home)(path=home.path.with_name("moved"))
    shutil.copytree(home.ledger_path, moved.ledger_path)

    with opened(moved, clock=clock) as again:
        assert dump(again.engine) == before
        assert again.writer.state == lived.writer.state


def test_whoever_has_it_open_goes_on(lived, verified):
    acts = Acts(lived.writer)

    rebuild(lived)

    assert acts.say("Still here.").event.number == 13
    assert verified(lived).events == 13


def test_a_ledger_that_does_not_hold_leaves_the_tables_as_they_were(lived, hand, dump):
    before = dump(lived.engine)
    hand.rewrite(b'"text":"Hello', b'"text":"HELLO')

    with pytest.raises(LedgerBroken):
        rebuild(lived)

    assert dump(lived.engine) == before


def test_i19_the_ledger_comes_out_with_the_same_commits(lived, home, hand, tmp_path):
    before = hand.commits()

    head = rebuild_ledger(lived.engine, tmp_path / "again.git", lived.fence, silent)

    with Ledger.open(tmp_path / "again.git") as again:
        assert again.head() == head == before[-1]
        assert [commit for commit, _ in again.history()] == before
        again.fsck()


def test_a_lost_ledger_is_put_in_its_place_and_written(lived, home, clock, verified):
    shutil.rmtree(home.ledger_path)

    rebuild_ledger(lived.engine, home.ledger_path, lived.fence, silent)

    with opened(home, clock=clock) as again:
        assert Acts(again.writer).say("Still here.").event.number == 13
        assert verified(again).events == 13


def test_a_ledger_is_not_written_over_something_else(lived, home):
    with pytest.raises(Invalid, match="not empty"):
        rebuild_ledger(lived.engine, home.ledger_path, lived.fence, silent)


def test_a_text_that_is_missing_is_told(lived, tmp_path):
    with writing(lived.engine) as connection:
        connection.execute(delete(TEXT))

    with pytest.raises(LedgerBroken, match="missing from the database"):
        rebuild_ledger(lived.engine, tmp_path / "again.git", lived.fence, silent)


def test_tables_that_were_altered_do_not_pass_for_the_ledger(lived, tmp_path):
    with writing(lived.engine) as connection:
        body = connection.execute(select(EVENT.c.body).where(EVENT.c.number == 4))
        altered = bytes(body.scalar_one()).replace(b"Hello", b"HELLO")
        connection.execute(
            update(EVENT).where(EVENT.c.number == 4).values(body=altered)
        )

    with pytest.raises((Conflict, LedgerBroken)):
        rebuild_ledger(lived.engine, tmp_path / "again.git", lived.fence, silent)


def test_tables_of_another_ledger_are_noticed(lived, home, clock, tmp_path):
    """As many events, but others: a state kept in memory is not gone on from."""
    other = type(home)(path=tmp_path / "other", database=home.database)
    other.create().close()
    kept = home.ledger_path.with_name("kept.git")
    home.ledger_path.rename(kept)
    other.ledger_path.rename(home.ledger_path)
    with writing(lived.engine) as connection:
        clear(connection)
    with opened(home, clock=clock) as again:
        acts = Acts(again.writer)
        acts.begin()
        acts.put_live(fragment("7.0.0", "Be somebody else."))
        for number in range(9):
            acts.say(f"Other word {number}.")
        theirs = again.writer.state

    lived.writer.reconcile()

    assert lived.writer.state == theirs
    with reading(lived.engine) as connection:
        assert read_head(connection)[0] == 12


def test_i19_branches_come_out_the_same(lived, hand):
    before = hand.commits("env/staging")
    hand.move("main", "refs/heads/env/staging")
    with pytest.raises(RegistryError):
        lived.ledger.derived("staging")

    rebuild_branches(lived.ledger, lived.engine, lived.fence, lived.writer.state)

    assert hand.commits("env/staging") == before
