"""The folder of a registry: begun once, found again, and told when it cannot be."""

from threading import Thread

import pytest

from registry.errors import Conflict, NotFound, Unavailable
from registry.writer import Home, opened
from tests.writer.acts import Acts


def test_a_folder_without_a_registry_is_told_and_left_alone(tmp_path):
    empty = Home(path=tmp_path / "empty")
    empty.path.mkdir()

    with pytest.raises(NotFound, match="there is no registry") as told, opened(empty):
        pytest.fail("nothing is there")

    assert "placet init" in told.value.hint
    assert list(empty.path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path):
    nowhere = Home(path=tmp_path / "nowhere")

    with pytest.raises(NotFound, match="there is no registry"), opened(nowhere):
        pytest.fail("nothing is there")


def test_a_registry_is_not_made_over_another(home):
    with pytest.raises(Conflict, match="already") as told:
        home.create()

    assert "--home" in told.value.hint


def test_nobody_else_may_look_into_a_new_folder(tmp_path):
    home = Home(path=tmp_path / "new" / "registry")

    home.create().close()

    assert home.path.stat().st_mode & 0o077 == 0


def test_a_new_registry_can_be_opened_by_many_at_once(home):
    opened_by = []

    def look():
        with opened(home) as registry:
            opened_by.append(registry.writer.state.head.number)

    threads = [Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert opened_by == [0, 0, 0, 0]


def test_the_sets_of_tables_are_opened_beside_each_other(home):
    engines = (home.open_projection(), home.open_operations(), home.open_fetches())
    for engine in engines:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
        engine.dispose()


def test_a_database_that_is_none_is_told(home):
    (home.path / "registry.db").write_bytes(b"this is not a database" * 100)
    broken = Home(path=home.path)

    with pytest.raises(Unavailable, match="cannot be opened") as told, opened(broken):
        pytest.fail("it cannot be read")

    assert told.value.hint


def test_a_server_that_is_not_there_is_told(home):
    away = Home(path=home.path, database="postgresql+psycopg://localhost:1/placet")

    with pytest.raises(Unavailable, match="cannot be opened"), opened(away):
        pytest.fail("nobody listens")


def test_what_is_in_the_folder_is_all_there_is(home, clock, tmp_path):
    """A registry can be moved as a folder."""
    with opened(home, clock=clock) as registry:
        Acts(registry.writer).begin()
        Acts(registry.writer).begin_support()
    moved = Home(path=tmp_path / "moved", database=home.database)
    home.path.rename(moved.path)

    with opened(moved, clock=clock) as registry:
        assert Acts(registry.writer).say("Here now.").event.number == 4
