"""Clients that were given keys, where the scenarios of tests/conformance do not say it.

Attacks on the way are there. Here: what is on disk, what is said, what is refused at
the beginning, and what it costs a reader.
"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

import placet
from placet import canonical
from placet.cache import MAGIC, Cache
from placet.names import digest_of
from tests.client.signed import Key, SettableClock, Signer

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"
FIRST, SECOND = Key(1), Key(2)


@pytest.fixture
def clock():
    return SettableClock()


@pytest.fixture
def signer(registry, clock):
    signer = Signer(clock, FIRST)
    registry.tamper = signer
    return signer


@pytest.fixture
def verifying(registry, signer, clock):
    """Begin a client with keys."""
    begun = []

    def begin(**more):
        settings = {"verify_keys": [FIRST.line], "clock": clock, "refresh": "manual"}
        client = placet.Client(
            registry.url,
            token=registry.token,
            environment=registry.environment,
            **(settings | more),
        )
        begun.append(client)
        return client

    yield begin
    for client in begun:
        client.close()


def kept_file(folder):
    (path,) = folder.glob("*/bots*")
    return path


def rewritten(path, change):
    """The file with another copy in it, under a checksum that is right."""
    _, _, rest = path.read_bytes().partition(b"\n")
    line, _, body = rest.partition(b"\n")
    head, body = change(json.loads(line), body)
    rest = json.dumps(head).encode() + b"\n" + body
    path.write_bytes(MAGIC + digest_of(rest).encode() + b"\n" + rest)


def test_a_bot_is_read_when_its_head_is_signed(verifying, said):
    bot = verifying().bot(BOT)

    assert (said(bot), bot.stale) == ("first: ?", False)


def test_what_changes_is_taken(registry, verifying, said):
    client = verifying()
    client.bot(BOT)
    registry.put_prompt(PROMPT, "second: {{ question }}")

    client.refresh()

    assert said(client.bot(BOT)) == "second: ?"


def test_a_bundle_is_not_asked_for_again_because_its_head_was_signed_again(
    registry, verifying, clock
):
    client = verifying()
    bot = client.bot(BOT)
    clock.at += timedelta(minutes=5)
    registry.requests.clear()

    client.refresh()

    assert [path.rpartition("/")[2] for path in registry.requests] == ["head"]
    assert client.bot(BOT) is bot


def test_what_is_kept_stays_confirmed_as_long_as_its_head_is_signed_again(
    verifying, clock
):
    client = verifying()
    client.bot(BOT)

    for _ in range(5):
        clock.at += timedelta(minutes=9)
        assert client.refresh().ok
    assert not client.bot(BOT).stale


def test_a_deletion_that_is_signed_deletes(registry, verifying):
    client = verifying()
    client.bot(BOT)
    registry.delete_bot(BOT)

    client.refresh()

    with pytest.raises(placet.Deleted):
        client.bot(BOT)


def test_a_deletion_is_verified_again_from_disk(registry, verifying, tmp_path):
    client = verifying(cache_dir=tmp_path)
    client.bot(BOT)
    registry.delete_bot(BOT)
    client.refresh()
    registry.go_down()

    with pytest.raises(placet.Deleted):
        verifying(cache_dir=tmp_path).bot(BOT)


def test_a_copy_on_disk_is_taken_without_a_network(
    registry, verifying, tmp_path, said, clock
):
    verifying(cache_dir=tmp_path).bot(BOT)
    registry.go_down()
    clock.at += timedelta(days=1)

    bot = verifying(cache_dir=tmp_path).bot(BOT)

    assert (said(bot), bot.stale) == ("first: ?", True)


@pytest.mark.parametrize(
    "change",
    [
        lambda head, body: (head | {"head": ""}, body),
        lambda head, body: (head | {"seq": head["seq"] + 1}, body),
        lambda head, body: (head | {"epoch": 9}, body),
        lambda head, body: (head | {"repository": "other"}, body),
        lambda head, body: (head | {"digest": ""}, b""),
        lambda head, body: (
            head | {"head": head["head"].replace('"seq":2', '"seq":3'), "seq": 3},
            body,
        ),
    ],
    ids=["unsigned", "seq", "epoch", "repository", "deleted", "signature"],
)
def test_a_copy_on_disk_that_was_altered_is_not_taken(
    registry, verifying, tmp_path, change
):
    verifying(cache_dir=tmp_path).bot(BOT)
    registry.go_down()

    rewritten(kept_file(tmp_path), change)

    with pytest.raises(placet.Unreachable):
        verifying(cache_dir=tmp_path).bot(BOT)


def test_a_copy_on_disk_with_a_swapped_bundle_is_not_taken(
    registry, verifying, tmp_path
):
    verifying(cache_dir=tmp_path).bot(BOT)
    registry.go_down()

    def swap(head, body):
        other = body.replace(b"first", b"evil!")
        return head | {"digest": digest_of(other)}, other

    rewritten(kept_file(tmp_path), swap)

    with pytest.raises(placet.Unreachable):
        verifying(cache_dir=tmp_path).bot(BOT)


def test_a_copy_on_disk_with_a_document_missing_is_not_taken_though_it_is_signed(
    registry, verifying, signer, tmp_path
):
    verifying(cache_dir=tmp_path).bot(BOT)
    registry.go_down()

    def lacking(head, body):
        whole = json.loads(body) | {"prompts": {}}
        body = json.dumps(whole).encode()
        told = json.loads(head["head"]) | {"bundle": digest_of(body)}
        del told["signatures"]
        signed = signer.signed(told).decode()
        return head | {"digest": digest_of(body), "head": signed}, body

    rewritten(kept_file(tmp_path), lacking)

    with pytest.raises(placet.Unreachable):
        verifying(cache_dir=tmp_path).bot(BOT)


def test_a_copy_on_disk_of_another_repository_than_was_given_is_not_taken(
    registry, verifying, tmp_path
):
    verifying(cache_dir=tmp_path).bot(BOT)
    registry.go_down()

    with pytest.raises(placet.Unreachable):
        verifying(cache_dir=tmp_path, repository="other").bot(BOT)


def test_a_floor_on_disk_does_not_sink(registry, signer, verifying, tmp_path):
    registry.stop(BOT, reason="it promised too much")
    seq = verifying(cache_dir=tmp_path).bot(BOT).floor
    registry.go_down()

    rewritten(kept_file(tmp_path), lambda head, body: (head | {"floor": 0}, body))

    assert verifying(cache_dir=tmp_path).bot(BOT).floor == seq > 0


def test_a_copy_of_a_client_without_keys_is_fetched_again(
    registry, verifying, tmp_path, said
):
    verifying(cache_dir=tmp_path, verify_keys=None).bot(BOT)
    registry.requests.clear()

    assert said(verifying(cache_dir=tmp_path).bot(BOT)) == "first: ?"
    assert any("/v1/bundles/" in path for path in registry.requests)


def test_a_copy_of_a_client_with_keys_is_read_without(
    registry, verifying, tmp_path, said
):
    verifying(cache_dir=tmp_path).bot(BOT)
    registry.go_down()

    assert said(verifying(cache_dir=tmp_path, verify_keys=None).bot(BOT)) == "first: ?"


def test_what_is_not_confirmed_any_more_is_refused_after_max_stale_s(
    registry, verifying, clock, signer, eventually
):
    client = verifying(max_stale_s=0.2)
    client.bot(BOT)
    frozen = {}
    registry.tamper = lambda path, reply: frozen.setdefault(path, signer(path, reply))
    client.refresh()
    clock.at += timedelta(minutes=12)

    client.refresh()

    def is_refused():
        try:
            client.bot(BOT)
        except placet.TooStale:
            return True
        return False

    eventually(is_refused)


def said_of(client):
    return client.refresh().problems[f"bots/{BOT}"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda head: head.pop("signatures"), "is not signed. Upgrade the registry"),
        (lambda head: head.update(signatures=[]), "no key that this client knows"),
        (lambda head: head.update(seq=99), "is not right. It was altered"),
        (lambda head: head.update(weight=0.5), "has no canonical form"),
        (lambda head: head.update(signatures=[1]), "is not an object"),
        (lambda head: head.update(signatures="x"), "not a list"),
    ],
)
def test_it_is_said_why_a_head_is_not_believed(
    registry, verifying, signer, change, says
):
    client = verifying()
    client.bot(BOT)

    def alter(path, reply):
        reply = signer(path, reply)
        if not path.endswith("/head"):
            return reply
        head = json.loads(reply.body)
        change(head)
        return replace(reply, body=json.dumps(head).encode())

    registry.tamper = alter

    assert says in said_of(client)


def test_it_is_said_that_a_head_has_expired(registry, verifying, clock, signer):
    client = verifying()
    client.bot(BOT)
    old = {}
    registry.tamper = lambda path, reply: old.setdefault(path, signer(path, reply))
    client.refresh()

    clock.at += timedelta(minutes=12)

    assert "expired 120 seconds ago" in said_of(client)


def test_an_altered_head_says_nothing_of_what_is_in_it(registry, verifying, signer):
    client = verifying()
    client.bot(BOT)
    signer.keys = (SECOND,)

    problem = said_of(client)

    assert SECOND.short not in problem
    assert FIRST.short not in problem


def test_a_time_that_is_none_is_refused(registry, verifying, signer):
    client = verifying()
    client.bot(BOT)

    def alter(path, reply):
        if not path.endswith("/head"):
            return reply
        head = json.loads(reply.body) | {"issued": "noon", "expires": "2026-13-40"}
        signatures = [FIRST.sign(head)]
        return replace(
            reply,
            status=200,
            body=json.dumps({**head, "signatures": signatures}).encode(),
        )

    registry.tamper = alter

    assert "is not a time in UTC" in said_of(client)


@pytest.mark.parametrize(
    "keys",
    [
        [],
        FIRST.line,
        ["nonsense"],
        [""],
        [FIRST.line.replace("+", "-")],
        [FIRST.line[:-4] + "AAA="],
        ["PRIVATE+KEY+" + FIRST.line],
        [FIRST.line, FIRST.short],
        [7],
    ],
)
def test_what_is_no_key_is_refused_at_once_and_not_repeated(keys, verifying):
    with pytest.raises(placet.Misconfigured, match="placet keys show") as told:
        verifying(verify_keys=keys)

    assert "PRIVATE" not in str(told.value)


def test_a_prompt_by_itself_is_refused_where_there_are_keys(registry, verifying):
    client = verifying()
    registry.requests.clear()

    with pytest.raises(placet.Misconfigured, match="with its bot"):
        client.prompt(PROMPT)

    assert registry.requests == []


def test_a_folder_takes_no_keys(tmp_path):
    with pytest.raises(placet.Misconfigured, match="a folder is not signed"):
        placet.Client(f"dir:{tmp_path}", verify_keys=[FIRST.line])


def test_the_repository_is_that_of_the_first_good_answer(registry, verifying, signer):
    client = verifying()
    client.bot(BOT)

    def other(path, reply):
        if not path.endswith("/head"):
            return reply
        head = json.loads(reply.body) | {"repository": "other"}
        return replace(reply, status=200, body=signer.signed(head))

    registry.tamper = other

    assert "another registry" in said_of(client)


def test_another_repository_than_was_given_is_refused(verifying):
    with pytest.raises(placet.BadAnswer, match="another registry"):
        verifying(repository="other").bot(BOT)


def test_reading_from_memory_verifies_nothing(verifying, registry):
    client = verifying()
    bot = client.bot(BOT)
    registry.go_down()

    assert client.bot(BOT) is bot


def test_the_cache_is_of_one_registry_and_environment_with_keys_too(
    verifying, tmp_path, registry
):
    verifying(cache_dir=tmp_path).bot(BOT)

    plain = Cache(tmp_path, registry.url, registry.environment)
    assert plain.read(f"bots/{BOT}").copy.signed is None


NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(
    allow_nan=False, allow_infinity=False
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_what_the_registry_wrote_is_written_again_byte_for_byte(value):
    body = rfc8785.dumps(value)

    assert canonical.dump(canonical.parse(body, what="it"), what="it") == body


def test_a_document_that_is_nested_without_end_is_refused():
    deep = b"[" * 100_000 + b"]" * 100_000

    with pytest.raises(placet.BadAnswer):
        canonical.parse(deep, what="it")
