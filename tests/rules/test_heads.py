"""What a head says, what of it is signed, and when it is signed again."""

import base64
import hashlib
import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from registry.contents import GROUPS, NOTHING, bundle_key, document_key
from registry.heads import LIFETIME, Standing, sign
from registry.names import Digest, Ref, digest_of
from registry.signed_notes import signing_key
from tests.conftest import NOON

KEY = signing_key("placet/tested/heads", bytes(range(32)))
OTHER = signing_key("placet/tested/heads", bytes(range(1, 33)))

BOT = Standing(
    repository="tested",
    environment="production",
    bot="acme/support",
    epoch=1,
    seq=7,
    floor=3,
    content=digest_of(b"bundle"),
    stopped=False,
)
OWN = replace(BOT, bot="", floor=0)


def verify(head: dict, domain: bytes, index: int = 0, key=KEY) -> None:
    """As a client of another language does, from the text on the wire."""
    told = dict(head)
    signature = base64.b64decode(told.pop("signatures")[index]["signature"])
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    public = Ed25519PublicKey.from_public_bytes(key.verifier.public)
    public.verify(signature, domain + text.encode())


def test_a_bots_head_says_what_it_is_told_and_until_when():
    head = json.loads(sign(BOT, [KEY], NOON).body)

    assert head.pop("signatures")[0]["key"] == KEY.verifier.short
    assert head == {
        "repository": "tested",
        "environment": "production",
        "bot": "acme/support",
        "epoch": 1,
        "seq": 7,
        "floor": 3,
        "bundle": BOT.content,
        "stopped": False,
        "issued": "2026-05-03T12:00:00Z",
        "expires": "2026-05-03T12:10:00Z",
    }


def test_an_environments_head_says_its_seq_and_its_content():
    head = json.loads(sign(OWN, [KEY], NOON).body)

    assert set(head) == {
        "repository", "environment", "epoch", "seq", "content", "issued", "expires",
        "signatures",
    }  # fmt: skip
    assert head["content"] == OWN.content


def test_a_head_is_in_canonical_form():
    body = sign(BOT, [KEY], NOON).body

    assert rfc8785.dumps(json.loads(body)) == body


@pytest.mark.parametrize(
    ("standing", "domain"),
    [(BOT, b"placet-head-v1\n"), (OWN, b"placet-environment-head-v1\n")],
)
def test_what_is_signed_is_the_head_without_signatures_below_what_it_is(
    standing, domain
):
    verify(json.loads(sign(standing, [KEY], NOON).body), domain)


def test_an_environments_head_does_not_pass_for_a_bots():
    head = json.loads(sign(OWN, [KEY], NOON).body)

    with pytest.raises(InvalidSignature):
        verify(head, b"placet-head-v1\n")


@pytest.mark.parametrize("part", ["bundle", "seq", "floor", "expires", "environment"])
def test_no_part_of_a_head_can_be_altered(part):
    head = json.loads(sign(BOT, [KEY], NOON).body)
    head[part] = "other" if isinstance(head[part], str) else head[part] + 1

    with pytest.raises(InvalidSignature):
        verify(head, b"placet-head-v1\n")


def test_every_active_key_signs():
    head = json.loads(sign(BOT, [KEY, OTHER], NOON).body)

    verify(head, b"placet-head-v1\n", 0, KEY)
    verify(head, b"placet-head-v1\n", 1, OTHER)


def test_a_deleted_bot_has_a_head_without_a_bundle():
    head = json.loads(sign(replace(BOT, content=None), [KEY], NOON).body)

    assert head["bundle"] is None


def test_a_head_is_signed_again_around_half_of_its_life():
    signed = sign(BOT, [KEY], NOON)

    assert LIFETIME * 0.4 <= signed.renew - NOON <= LIFETIME * 0.6
    assert not signed.is_due(signed.renew - timedelta(seconds=1))
    assert signed.is_due(signed.renew)


def test_a_head_of_the_future_is_signed_again():
    assert sign(BOT, [KEY], NOON).is_due(NOON - timedelta(seconds=1))


def test_ten_thousand_heads_are_not_due_together():
    heads = [sign(replace(BOT, bot=f"b{n}"), [KEY], NOON) for n in range(2_000)]

    seconds = Counter(int((head.renew - NOON).total_seconds()) for head in heads)
    assert max(seconds.values()) < 50


def test_the_content_is_computed_as_the_page_says():
    contents = NOTHING.changed(
        {
            document_key(Ref("prompts/a")): Digest("sha256:" + "a" * 64),
            bundle_key("b"): Digest("sha256:" + "b" * 64),
        }
    )

    lines = [
        f"document prompts/a sha256:{'a' * 64}\n",
        f"bundle b sha256:{'b' * 64}\n",
    ]
    groups = [b""] * GROUPS
    for line in lines:
        key = line.rpartition(" ")[0]
        groups[hashlib.sha256(key.encode()).digest()[0]] += line.encode()
    whole = b"".join(hashlib.sha256(group).digest() for group in groups)
    assert contents.digest == digest_of(b"placet-content-v1\n" + whole)


KEYS = st.sampled_from([f"document prompts/p{n}" for n in range(6)])
DIGESTS = st.none() | st.sampled_from(["sha256:" + one * 64 for one in "ab"])


@given(st.lists(st.dictionaries(KEYS, DIGESTS), max_size=8))
def test_the_content_depends_on_what_is_live_and_not_on_how_it_came_there(steps):
    contents, live = NOTHING, {}
    for step in steps:
        contents = contents.changed(step)
        live.update(step)

    at_once = NOTHING.changed({key: one for key, one in live.items() if one})
    assert contents.digest == at_once.digest
    assert contents == at_once
