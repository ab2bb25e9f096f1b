"""The copies on disk: whole or not at all, and only of what was asked for."""

import os
import stat
import time

import pytest

import placet
from placet.cache import Cache
from placet.copies import Copy
from placet.names import digest_of
from placet.testing import FakeRegistry

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_chatbot_starts_without_the_registry(registry, kept, said):
    registry.go_down()

    with registry.client(cache_dir=kept) as client:
        bundle, prompt = client.bot(BOT), client.prompt(PROMPT)

    assert said(bundle) == "first: ?"
    assert bundle.stale
    assert prompt.stale


def test_a_chatbot_starts_without_waiting_for_the_registry(registry, kept):
    asked = len(registry.requests)

    with registry.client(cache_dir=kept) as client:
        client.bot(BOT)

    assert len(registry.requests) == asked


def test_what_came_from_disk_is_confirmed_in_the_background(registry, kept, eventually):
    poll_s = 600.0

    with registry.client(cache_dir=kept, refresh="background", poll_s=poll_s) as client:
        client.bot(BOT)

        eventually(lambda: not client.bot(BOT).stale)


def test_news_is_on_disk_as_soon_as_it_is_live(registry, kept, said):
    with registry.client(cache_dir=kept) as client:
        client.bot(BOT)
        registry.put_prompt(PROMPT, "second: {{ question }}")
        client.refresh()
    registry.go_down()

    with registry.client(cache_dir=kept) as client:
        assert said(client.bot(BOT)) == "second: ?"


def test_a_stop_is_remembered_on_disk(registry, kept):
    with registry.client(cache_dir=kept) as client:
        client.bot(BOT)
        registry.stop(BOT, reason="it promised too much")
        client.refresh()
    registry.go_down()

    with registry.client(cache_dir=kept) as client:
        assert client.bot(BOT).stopped


def test_a_server_that_is_behind_the_disk_is_not_believed(registry, kept, said):
    with registry.client(cache_dir=kept) as client:
        client.bot(BOT)
        registry.put_prompt(PROMPT, "second: {{ question }}")
        client.refresh()

    with FakeRegistry() as behind:
        behind.put_prompt(PROMPT, "first: {{ question }}")
        behind.put_bot(BOT, {"refunds": PROMPT})
        seen = {}
        behind.tamper = lambda path, reply: seen.setdefault(path, reply)
        with behind.client() as client:
            client.bot(BOT)
    registry.tamper = lambda path, reply: seen.get(path, reply)
    with registry.client(cache_dir=kept) as client:
        client.bot(BOT)
        health = client.refresh()

        assert "behind" in health.problems[f"bots/{BOT}"]
        assert said(client.bot(BOT)) == "second: ?"


@pytest.mark.parametrize("place", [0, 20, 60, 90, 150, 400, -200, -1])
def test_a_damaged_file_is_as_good_as_absent(registry, kept, place):
    for file in files(kept):
        data = bytearray(file.read_bytes())
        data[place] ^= 1
        file.write_bytes(data)
    registry.go_down()

    with registry.client(cache_dir=kept) as client:
        with pytest.raises(placet.RegistryUnavailable):
            client.bot(BOT)
        with pytest.raises(placet.RegistryUnavailable):
            client.prompt(PROMPT)


@pytest.mark.parametrize("keep", [0, 10, 100, 500])
def test_a_file_that_was_cut_off_is_as_good_as_absent(registry, kept, keep):
    for file in files(kept):
        file.write_bytes(file.read_bytes()[:keep])
    registry.go_down()

    with (
        registry.client(cache_dir=kept) as client,
        pytest.raises(placet.RegistryUnavailable),
    ):
        client.bot(BOT)


def test_a_damaged_file_is_replaced_by_the_next_good_answer(registry, kept, said):
    for file in files(kept):
        file.write_bytes(b"damaged")
    with registry.client(cache_dir=kept) as client:
        client.bot(BOT)
    registry.go_down()

    with registry.client(cache_dir=kept) as client:
        assert said(client.bot(BOT)) == "first: ?"


def test_a_file_of_something_else_in_its_place_is_not_believed(registry, kept):
    bot, prompt = files(kept)
    bot.write_bytes(prompt.read_bytes())
    registry.go_down()

    with (
        registry.client(cache_dir=kept) as client,
        pytest.raises(placet.RegistryUnavailable),
    ):
        client.bot(BOT)


def test_environments_do_not_mix_in_one_folder(registry, kept):
    with (
        FakeRegistry(environment="staging") as other,
        other.client(cache_dir=kept) as client,
        pytest.raises(placet.Refused),
    ):
        client.bot(BOT)


def test_registries_do_not_mix_in_one_folder(kept):
    with (
        FakeRegistry() as other,
        other.client(cache_dir=kept) as client,
        pytest.raises(placet.Refused),
    ):
        client.bot(BOT)


def test_a_file_moved_to_another_environments_folder_is_not_believed(
    registry, kept, tmp_path_factory
):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    with FakeRegistry(environment="staging") as other:
        other.put_prompt(PROMPT, "staging")
        with other.client(cache_dir=elsewhere) as client:
            client.prompt(PROMPT)
    (staged,) = files(elsewhere)
    prompt = files(kept)[-1]
    prompt.write_bytes(staged.read_bytes())
    registry.go_down()

    with (
        registry.client(cache_dir=kept) as client,
        pytest.raises(placet.RegistryUnavailable),
    ):
        client.prompt(PROMPT)


def test_only_the_owner_can_read_the_copies(kept):
    modes = {stat.S_IMODE(path.stat().st_mode) for path in files(kept)}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in kept.iterdir()}

    assert modes == {0o600}
    assert folders == {0o700}


def test_nothing_but_the_copies_is_left_on_disk(kept):
    assert [path.name for path in files(kept)] == [
        "bots%2Facme-air%2Fsupport",
        "prompts%2Facme-air%2Frefunds",
    ]


def test_a_disk_that_cannot_be_written_keeps_nobody_from_reading(
    registry, tmp_path, said
):
    (tmp_path / "file").write_text("in the way")

    with registry.client(cache_dir=tmp_path / "file") as client:
        bundle = client.bot(BOT)

        assert said(bundle) == "first: ?"
        assert "cache_dir" in client.health().problems


def test_a_slower_process_does_not_overwrite_what_a_faster_one_kept(tmp_path):
    fast = Cache(tmp_path, "https://registry.internal", "production")
    slow = Cache(tmp_path, "https://registry.internal", "production")

    fast.keep(copy(seq=6), time.time(), is_new=True)
    slow.keep(copy(seq=5), time.time(), is_new=True)

    assert slow.read("bots/a").copy == copy(seq=6)


def copy(*, seq):
    body = f"as of {seq}".encode()
    return Copy(
        ref="bots/a",
        repository="r",
        epoch=1,
        seq=seq,
        floor=0,
        etag="",
        digest=digest_of(body),
        body=body,
    )


def test_a_path_may_be_given_as_text(registry, tmp_path):
    with registry.client(cache_dir=os.fspath(tmp_path)) as client:
        client.bot(BOT)

    assert len(files(tmp_path)) == 1
