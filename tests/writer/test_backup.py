"""Backups: the rules at the top of `backup.py`, `restore.py` and `new_epoch.py`."""

import json
import shutil
import subprocess
from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import insert, select

from registry.api.live import LiveSnapshots
from registry.db.engine import disposing, reading, writing
from registry.db.operations import Account, Operations
from registry.db.rows import OPERATIONAL, read_rows
from registry.errors import Conflict, Invalid, LedgerBroken, NotFound
from registry.writer import Home, opened
from registry.writer.backup import back_up
from registry.writer.manifest import read_manifest
from registry.writer.new_epoch import Asked, raise_here
from registry.writer.rebuild import rebuild_ledger
from registry.writer.restore import restore
from registry.writer.verify import verify
from tests.db.samples import sample
from tests.writer.acts import NOON, Acts, fragment

LATER = NOON + timedelta(days=1)
EVENTS = 13


def take(home, into, *, keys=True, now=LATER):
    return back_up(home, into, now=now, keys=keys, done=lambda _: None)


def asked(*checkpoints, now=LATER + timedelta(hours=1)):
    return Asked(
        reason="The disk is gone.",
        checkpoints=checkpoints,
        keys=(),
        clock=lambda: now,
        progress=lambda _: None,
    )


def rows_of(home):
    with disposing(home.open_operations()) as engine, reading(engine) as connection:
        return {one.name: list(read_rows(connection, one)) for one in OPERATIONAL}


def seqs(registry):
    return {name: one.seq for name, one in registry.writer.state.environments.items()}


@pytest.fixture
def furnished(home, lived):
    """A registry with rows in every operational table."""
    with disposing(home.open_operations()) as engine, writing(engine) as connection:
        for table in OPERATIONAL:
            connection.execute(insert(table), sample(table))
    return lived


@pytest.fixture
def taken(home, furnished, tmp_path):
    return take(home, tmp_path / "backups")


@pytest.fixture
def new_home(tmp_path):
    return Home(path=tmp_path / "restored")


def test_a_backup_says_what_is_in_it(taken, furnished):
    manifest = read_manifest(taken.path)

    head = furnished.writer.state.head
    assert (manifest.event, manifest.head) == (head.number, head.digest)
    assert (manifest.epoch, manifest.taken) == (1, LATER)
    assert manifest.keys
    assert {one.path.partition("/")[0] for one in manifest.files} == {
        "ledger.bundle",
        "operations",
        "home",
    }


def test_nobody_else_reads_a_backup(taken):
    modes = {path.stat().st_mode & 0o077 for path in taken.path.rglob("*")}

    assert modes | {taken.path.stat().st_mode & 0o077} == {0}


def test_secret_keys_can_be_left_out(home, furnished, tmp_path):
    taken = take(home, tmp_path / "backups", keys=False)

    names = {path.name for path in (taken.path / "home").iterdir()}
    assert names == {"ledger.pub", "ledger.signed"}
    assert not taken.manifest.keys


def test_who_is_signed_in_is_in_no_backup(taken):
    assert not (taken.path / "operations" / "session.jsonl").exists()
    assert (taken.path / "operations" / "account.jsonl").exists()


def test_git_can_clone_the_ledger_of_a_backup(taken, tmp_path):
    clone = ["git", "clone", "-q", "--mirror", taken.path / "ledger.bundle"]
    subprocess.run([*clone, tmp_path / "clone"], check=True)

    log = ["git", "--git-dir", tmp_path / "clone", "rev-list", "--count", "main"]
    assert subprocess.check_output(log, text=True).strip() == str(taken.manifest.event)


def test_a_backup_that_fails_leaves_nothing(home, furnished, tmp_path):
    for pack in (home.ledger_path / "objects" / "pack").glob("*.pack"):
        pack.unlink()

    with pytest.raises(LedgerBroken):
        take(home, tmp_path / "backups")

    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.slow
def test_writes_go_on_while_a_backup_is_taken(home, lived, acts, tmp_path):
    stop, said = Event(), []

    def talk():
        while not stop.is_set():
            said.append(acts.say("And another thing.").event.number)

    talking = Thread(target=talk)
    talking.start()
    try:
        backups = [
            take(home, tmp_path / "backups", now=LATER + timedelta(seconds=n))
            for n in range(3)
        ]
    finally:
        stop.set()
        talking.join()

    assert backups[0].manifest.event < backups[-1].manifest.event <= said[-1]
    for number, one in enumerate(backups):
        restored = restore(one.path, Home(path=tmp_path / f"{number}"), asked())
        assert restored.verified.events == one.manifest.event + 1


def test_a_restored_registry_has_every_event_and_every_row(taken, home, new_home):
    restored = restore(taken.path, new_home, asked())

    before, after = rows_of(home), rows_of(new_home)
    assert before.pop("session")
    assert not after.pop("session")
    assert after == before
    assert restored.verified.events == taken.manifest.event + 1


def test_restoring_raises_the_epoch_by_an_event(taken, new_home):
    restored = restore(taken.path, new_home, asked())

    with opened(new_home) as registry:
        state = registry.writer.state
        last = registry.writer.reconcile().head.number
    assert state.epoch == restored.epoch > 1
    assert last == taken.manifest.event + 1


def test_a_restored_registry_goes_on(taken, new_home, furnished):
    restore(taken.path, new_home, asked())

    with opened(new_home, clock=lambda: LATER + timedelta(days=1)) as registry:
        before = seqs(registry)
        Acts(registry.writer).put_live(fragment("1.9.0", "Sing."))
        registry.afterwards.once()
        keys = new_home.keys().verifiers()
        verified = verify(registry.ledger, registry.engine, lambda _: None, keys=keys)
        after = seqs(registry)

    assert before == seqs(furnished)
    assert after["staging"] == before["staging"] + 1
    assert verified.signed == verified.events


def test_the_old_key_signs_nothing_more(taken, home, new_home):
    old = home.keys().verifiers()

    restored = restore(taken.path, new_home, asked())

    keys = new_home.keys().verifiers()
    assert keys[:-1] == old
    assert restored.verifier not in (home.path / "ledger.pub").read_text()
    assert (new_home.path / "ledger.key").read_text() != (
        home.path / "ledger.key"
    ).read_text()


def test_other_keys_of_the_home_come_along(home, furnished, tmp_path, new_home):
    (home.path / "heads.keys").write_text("secret\n")
    taken = take(home, tmp_path / "backups")

    restore(taken.path, new_home, asked())

    kept = new_home.path / "heads.keys"
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == ("secret\n", 0o600)


def test_what_was_signed_later_tells_how_much_is_lost(
    taken, home, furnished, acts, new_home
):
    acts.say("This will be lost.")
    acts.say("And this.")
    furnished.afterwards.once()
    signed = ("ledger.signed", (home.path / "ledger.signed").read_bytes())

    restored = restore(taken.path, new_home, asked(signed))

    assert restored.lost == 2
    with opened(new_home) as registry:
        event = registry.ledger.history()
        *_, (_, body) = event
    assert json.loads(body)["payload"]["known"] == taken.manifest.event + 2


def test_without_a_checkpoint_nobody_knows_what_is_lost(taken, new_home):
    assert restore(taken.path, new_home, asked()).lost is None


def test_a_checkpoint_of_what_is_there_says_that_nothing_is_known_to_be_lost(
    taken, home, new_home
):
    signed = ("ledger.signed", (home.path / "ledger.signed").read_bytes())

    assert restore(taken.path, new_home, asked(signed)).lost == 0


@pytest.mark.parametrize("what", ["ledger.bundle", "home/ledger.pub"])
def test_a_backup_that_was_touched_is_not_restored(what, taken, new_home):
    file = taken.path / what
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)

    with pytest.raises(Invalid, match="is damaged"):
        restore(taken.path, new_home, asked())

    assert not new_home.path.exists()


def test_a_file_that_is_missing_is_named(taken, new_home):
    (taken.path / "operations" / "token.jsonl").unlink()

    with pytest.raises(Invalid, match=r"operations/token\.jsonl"):
        restore(taken.path, new_home, asked())


def test_a_backup_of_a_later_form_is_refused(taken, new_home):
    manifest = taken.path / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2'))

    with pytest.raises(Invalid, match="cannot read"):
        restore(taken.path, new_home, asked())


def test_a_folder_without_a_backup_is_said_to_be_none(tmp_path, new_home):
    with pytest.raises(NotFound, match="there is no backup"):
        restore(tmp_path, new_home, asked())


def test_a_backup_is_restored_into_an_empty_place_only(taken, new_home):
    new_home.path.mkdir()
    (new_home.path / "notes.txt").write_text("mine")

    with pytest.raises(Conflict, match="is not empty"):
        restore(taken.path, new_home, asked())

    assert [path.name for path in new_home.path.iterdir()] == ["notes.txt"]


def test_what_is_wrong_in_the_ledger_is_not_restored(taken, new_home, tmp_path):
    """Whoever writes a backup of their own has the manifest agree with it."""
    manifest = json.loads((taken.path / "manifest.json").read_text())
    manifest["head"] = "sha256:" + "0" * 64
    (taken.path / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(Invalid, match="another event"):
        restore(taken.path, new_home, asked())

    assert not new_home.path.exists()
    assert not [path for path in tmp_path.iterdir() if "restoring" in path.name]


@pytest.mark.slow
def test_a_backup_of_one_database_is_restored_into_another(taken, tmp_path, postgres):
    url = postgres.make()
    there = Home(path=tmp_path / "there", database=url)

    restore(taken.path, there, asked())

    rows = rows_of(there)
    again = take(there, tmp_path / "again", now=LATER + timedelta(days=2))
    here = Home(path=tmp_path / "here")
    restore(again.path, here, asked(now=LATER + timedelta(days=3)))
    assert rows_of(here) == rows
    with pytest.raises(Conflict, match="not empty"):
        restore(taken.path, Home(path=tmp_path / "x", database=url), asked())
    with pytest.raises(Conflict, match="are in PostgreSQL"):
        Home(path=there.path).open_operations()
    postgres.drop(url)


@pytest.mark.slow
def test_a_restoration_that_fails_leaves_the_database_empty(taken, tmp_path, postgres):
    url = postgres.make()
    manifest = json.loads((taken.path / "manifest.json").read_text())
    manifest["head"] = "sha256:" + "0" * 64
    (taken.path / "manifest.json").write_text(json.dumps(manifest))

    there = Home(path=tmp_path / "there", database=url)
    there.path.mkdir()
    with pytest.raises(Invalid):
        restore(taken.path, there, asked())

    with disposing(there.open_operations()) as engine, reading(engine) as connection:
        assert connection.execute(select(OPERATIONAL[0])).all() == []
    postgres.drop(url)


def test_a_server_at_work_says_the_new_epoch_at_once(home, lived):
    live = LiveSnapshots(lived.engine)
    before = live.get("staging")

    raised = raise_here(home, asked())
    live.refresh()

    after = live.get("staging")
    assert (before.source.epoch, after.source.epoch) == (1, raised.epoch)
    head = json.loads(after.bots["acme/support"].head.body)
    assert head["epoch"] == raised.epoch
    assert f"placet-epoch: {raised.epoch}".encode() in after.headers.lines


def test_raised_by_hand_the_old_key_is_put_aside(home, lived):
    old = (home.path / "ledger.key").read_text()

    raised = raise_here(home, asked())

    assert raised.kept.read_text() == old
    assert (home.path / "ledger.key").read_text() != old
    lived.afterwards.once()
    assert lived.checkpoints.wrong is None


def test_an_old_ledger_that_was_put_back_by_hand_goes_on(
    home, lived, acts, tmp_path, database
):
    if database is not None:
        pytest.skip("an old database would have to be put back, too")
    shutil.copytree(home.path, tmp_path / "old")
    for _ in range(3):
        acts.say("This will be lost.")
    lived.afterwards.once()
    old = Home(path=tmp_path / "old")
    shutil.copy(home.path / "ledger.signed", old.path)

    raised = raise_here(old, asked())

    assert (raised.known, raised.events) == (raised.events + 3, EVENTS - 1)
    with opened(old) as registry:
        registry.afterwards.once()
        assert registry.checkpoints.wrong is None
        assert registry.writer.state.epoch == raised.epoch


def test_the_ledger_with_another_epoch_is_written_again_from_the_tables(
    home, lived, tmp_path
):
    raise_here(home, asked())
    lived.writer.reconcile()

    written = rebuild_ledger(
        lived.engine, tmp_path / "again.git", lived.fence, lambda _: None
    )

    assert written == lived.ledger.head()


def test_accounts_are_there_after_restoring(home, lived, tmp_path, new_home):
    with disposing(home.open_operations()) as engine:
        Operations(engine).save_passwords({"author": "a hash"})
    taken = take(home, tmp_path / "backups")

    restore(taken.path, new_home, asked())

    with disposing(new_home.open_operations()) as engine:
        found = Operations(engine).find_account("author")
    assert isinstance(found, Account)
    assert found.password_hash == "a hash"
