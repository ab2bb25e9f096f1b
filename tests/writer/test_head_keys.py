"""The keys of heads: made, added, retired, and never told by accident."""

import os
import stat
from datetime import timedelta

import pytest

from registry.errors import Conflict, NotFound, Unavailable
from registry.heads import MAX_KEYS
from registry.signed_notes import dump_signing
from registry.writer import Fence
from registry.writer.head_keys import HeadKeys
from tests.conftest import NOON


@pytest.fixture
def keys(tmp_path):
    return HeadKeys(tmp_path, Fence(tmp_path / "heads.lock"))


@pytest.fixture
def made(keys):
    keys.make("tested", NOON)
    return keys


def states(keys):
    return [one.retired is None for one in keys.list()]


def test_the_first_key_is_made_once_and_is_the_registrys(keys):
    keys.make("tested", NOON)
    keys.make("tested", NOON + timedelta(hours=1))

    (only,) = keys.list()
    assert only.verifier.name == "placet/tested/heads"
    assert (only.made, only.retired) == (NOON, None)


def test_nobody_else_reads_the_file(made, tmp_path):
    mode = stat.S_IMODE((tmp_path / "heads.keys").stat().st_mode)

    assert mode == 0o600


def test_a_key_that_is_added_signs_beside_the_others(made):
    added = made.rotate(NOON + timedelta(days=1))

    assert [key.verifier for key in made.active()] == [
        one.verifier for one in made.list()
    ]
    assert made.list()[-1].verifier == added.verifier
    assert states(made) == [True, True]


def test_a_retired_key_signs_no_more_and_its_private_half_is_gone(made, tmp_path):
    first = made.list()[0]
    made.rotate(NOON)

    made.retire(first.verifier.id, NOON + timedelta(days=1))

    assert states(made) == [False, True]
    assert made.list()[0].retired == NOON + timedelta(days=1)
    assert made.list()[0].verifier == first.verifier
    assert first.verifier not in [key.verifier for key in made.active()]
    assert dump_signing(first.signing) not in (tmp_path / "heads.keys").read_text()


def test_the_only_key_that_signs_is_not_retired(made):
    with pytest.raises(Conflict, match="the only key that signs"):
        made.retire(made.list()[0].verifier.id, NOON)

    assert states(made) == [True]


def test_a_key_is_retired_once(made):
    first = made.list()[0].verifier
    made.rotate(NOON)
    made.retire(first.short, NOON)

    with pytest.raises(Conflict, match="was retired before"):
        made.retire(first.id, NOON)


def test_an_unknown_key_is_not_retired(made):
    made.rotate(NOON)

    with pytest.raises(NotFound, match="no key"):
        made.retire("00000000", NOON)


def test_no_more_keys_sign_than_a_head_can_carry(made):
    for _ in range(MAX_KEYS - 1):
        made.rotate(NOON)

    with pytest.raises(Conflict, match="sign already"):
        made.rotate(NOON)

    assert len(made.list()) == MAX_KEYS


def test_without_a_first_key_there_is_none_to_follow(keys, tmp_path):
    with pytest.raises(NotFound, match="no key"):
        keys.rotate(NOON)

    assert list(tmp_path.iterdir()) == []


def test_what_another_process_does_is_seen(made, tmp_path):
    other = HeadKeys(tmp_path, Fence(tmp_path / "heads.lock"))
    assert len(made.list()) == 1

    other.rotate(NOON)

    assert len(made.list()) == 2


@pytest.mark.parametrize(
    "text",
    [
        "active 2026-05-03T12:00:00Z secret-that-is-not-a-key\n",
        "lost 2026-05-03T12:00:00Z x\n",
        "active\n",
        "active yesterday PRIVATE+KEY+x\n",
        "retired 2026-05-03T12:00:00Z PRIVATE+KEY+x\n",
    ],
)
def test_a_damaged_file_is_told_without_what_is_in_it(made, tmp_path, text):
    (tmp_path / "heads.keys").write_text(text)

    with pytest.raises(Unavailable, match="does not hold keys") as told:
        made.active()

    assert "secret" not in str(told.value)


def test_a_file_that_was_emptied_signs_nothing(made, tmp_path):
    os.truncate(tmp_path / "heads.keys", 0)

    with pytest.raises(Unavailable, match="no key that signs"):
        made.active()
