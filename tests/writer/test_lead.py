"""Who does what happens by itself, of several processes on one folder."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from registry.writer import DatabaseLead, Lead
from tests.databases import Postgres

HOLDS_IT = """
import pathlib, sys, time
from registry.writer.lead import Lead
lead = Lead(pathlib.Path(sys.argv[1]))
assert lead.take()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lead.lock"


@pytest.fixture
def leads(path: Path) -> Iterator[tuple[Lead, Lead]]:
    """Those of two processes."""
    leads = (Lead(path), Lead(path))
    yield leads
    for lead in leads:
        lead.give_back()


def test_one_of_two_leads(leads):
    one, other = leads

    assert (one.take(), other.take()) == (True, False)
    assert (one.held(), other.held()) == (True, False)
    assert one.take()


def test_who_gives_the_lead_back_is_followed(leads):
    one, other = leads
    one.take()

    one.give_back()

    assert not one.held()
    assert other.take()


@pytest.mark.slow
def test_who_is_killed_is_followed(path, leads):
    holding = subprocess.Popen(
        [sys.executable, "-c", HOLDS_IT, path], stdout=subprocess.PIPE, text=True
    )
    with holding:
        assert holding.stdout.readline() == "held\n"
        before = leads[0].take()
        holding.kill()
        holding.wait()

        assert (before, leads[0].take()) == (False, True)


def test_who_does_not_lead_folds_in_and_does_no_more(registry, acts):
    acts.begin_support()
    done = []
    registry.afterwards.then(lambda: done.append(1))
    registry.afterwards.only_if(lambda: False)

    registry.afterwards.once()
    assert done == []
    assert registry.ledger.derived("staging") is None

    registry.afterwards.only_if(lambda: True)
    registry.afterwards.once()
    assert done == [1]
    assert registry.ledger.derived("staging") is not None


@pytest.mark.slow
def test_a_database_has_one_lead_that_follows_its_session(postgres: Postgres):
    url = postgres.make()
    one, other = DatabaseLead(url), DatabaseLead(url)
    assert one.is_free()
    assert (one.take(), other.take(), other.is_free()) == (True, False, False)
    assert (one.held(), other.held()) == (True, False)

    postgres.run(
        "SELECT pg_terminate_backend(pid) "  # noqa: S608 (a name of our own)
        "FROM pg_stat_activity "
        f"WHERE datname = '{make_url(url).database}'"
    )

    assert (one.take(), one.held()) == (False, False)
    assert other.take()
    other.give_back()
    assert one.take()
    one.give_back()
    assert other.is_free()
    other.give_back()
    postgres.drop(url)
