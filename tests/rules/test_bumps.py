"""The smallest step of a version: the rules at the top of `registry/bumps.py`."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import schemas
from registry.bump_reasons import Bump
from registry.bumps import _ENVELOPE, _JUDGES, first_version, reasons, step, takes
from registry.documents import Document, dump, parse
from registry.errors import BumpTooSmall, VersionTaken
from registry.names import Kind
from registry.versions import higher
from tests.rules.texts import PROMPT, make_bot, make_prompt

CORES = st.builds("{}.{}.{}".format, *[st.integers(0, 3)] * 3)
VERSIONS = CORES | st.builds("{}-rc.{}".format, CORES, st.integers(0, 3))


def edited(document: Document, **parts) -> Document:
    """The same document with other parts, `None` to leave one out."""
    value = {**document.value, **parts}
    return parse(dump({k: v for k, v in value.items() if v is not None}))


def small_step(before: Document, after: Document, taken: frozenset[str] = frozenset()):
    return step(before, after, is_taken=taken.__contains__)


def test_every_part_of_every_kind_has_a_rule():
    for name in schemas.taken():
        parts = set(json.loads(schemas.read(Kind(name)))["properties"])
        known = {"kind", "name", "version", *_ENVELOPE, *_JUDGES[Kind(name)]}
        assert parts - known == set(), name
    assert _JUDGES.keys() == set(Kind)


def test_a_part_that_no_rule_knows_is_major():
    before = make_prompt("1.0.0")
    after = replace(
        before, digest="sha256:other", value={**before.value, "novelty": True}
    )

    (found,) = reasons(before, after)

    assert found.bump is Bump.MAJOR
    assert "no rule says" in found.sentence


def test_the_same_bytes_are_no_step():
    assert reasons(make_bot("1.0.0"), make_bot("1.0.0")) == ()


def test_other_bytes_that_say_the_same_are_a_patch():
    before = make_prompt("1.0.0")
    after = parse(before.source + b"# a remark\n")

    assert [one.bump for one in reasons(before, after)] == [Bump.PATCH]


@pytest.mark.parametrize(
    "parts",
    [
        {"owner": "risk"},
        {"description": "Another."},
        {"tier": None},
        {"review_by": "2027-01-01"},
        {"labels": {"a": "b"}},
    ],
)
def test_what_no_caller_notices_is_a_patch(parts):
    before = make_prompt("1.0.0")

    assert {one.bump for one in reasons(before, edited(before, **parts))} == {
        Bump.PATCH
    }


@pytest.mark.parametrize(
    ("live", "major", "minor", "patch"),
    [
        ("1.4.2", "2.0.0", "1.5.0", "1.4.3"),
        ("0.4.2", "0.5.0", "0.4.3", "0.4.3"),
        ("0.0.3", "0.1.0", "0.0.4", "0.0.4"),
        ("2.0.0-rc.1", "2.0.0", "2.0.0", "2.0.0"),
        ("2.1.0-rc.1", "3.0.0", "2.1.0", "2.1.0"),
        ("2.1.1-rc.1", "3.0.0", "2.2.0", "2.1.1"),
        ("0.5.0-rc.1", "0.5.0", "0.5.0", "0.5.0"),
        ("0.5.1-rc.1", "0.6.0", "0.5.1", "0.5.1"),
    ],
)
def test_the_first_version_of_a_step(live, major, minor, patch):
    found = [first_version(live, bump) for bump in (Bump.MAJOR, Bump.MINOR, Bump.PATCH)]

    assert found == [major, minor, patch]


@pytest.mark.parametrize(
    ("bump", "live", "version", "does"),
    [
        (Bump.MAJOR, "1.4.2", "2.0.0-rc.1", True),
        (Bump.MAJOR, "1.4.2", "1.9.0", False),
        (Bump.MAJOR, "1.4.2", "1.9.0-rc.1", False),
        (Bump.MAJOR, "2.0.0-rc.1", "2.0.0-rc.2", True),
        (Bump.MAJOR, "2.1.0-rc.1", "2.1.0", False),
        (Bump.MAJOR, "0.4.2", "0.4.3", False),
        (Bump.MAJOR, "0.4.2", "1.0.0", True),
        (Bump.MINOR, "1.4.2", "1.4.3", False),
        (Bump.MINOR, "1.4.2", "1.5.0-rc.1", True),
        (Bump.PATCH, "1.4.2", "1.4.3-rc.1", True),
    ],
)
def test_a_version_takes_a_step_or_does_not(bump, live, version, does):
    assert takes(bump, live, version) is does


@given(live=VERSIONS, bump=st.sampled_from(Bump))
def test_the_first_version_is_above_the_live_one_and_takes_the_step(live, bump):
    first = first_version(live, bump)

    assert higher(first, live)
    assert takes(bump, live, first)


@given(live=VERSIONS, version=VERSIONS)
def test_what_takes_a_step_takes_every_smaller_one(live, version):
    taken = [
        bump for bump in Bump if higher(version, live) and takes(bump, live, version)
    ]

    assert taken == list(Bump)[: len(taken)]
    assert bool(taken) or not higher(version, live)


def test_the_smallest_version_is_one_that_names_nothing_yet():
    before, after = make_prompt("1.0.0"), make_prompt("1.0.0", "Be brief.")

    found = small_step(before, after, frozenset({"1.0.1", "1.0.2"}))

    assert (found.bump, found.smallest) == (Bump.PATCH, "1.0.3")


def test_a_step_names_a_few_reasons_and_counts_the_rest():
    before = make_bot("1.0.0", [f"acme/p{n}" for n in range(9)])

    found = small_step(before, make_bot("1.0.1", ["acme/p0"]))

    assert len(found.reasons) == 8
    assert found.because.endswith("`role-5` was removed; and 3 more")


def test_a_step_that_is_too_small_is_refused_with_what_would_do(furnished):
    furnished.put(make_prompt("1.0.0", name="acme/other"))

    with pytest.raises(BumpTooSmall, match=r"the smallest is 2\.0\.0, major") as caught:
        furnished.submit(make_bot("1.1.0", ("acme/other",)))

    refusal = caught.value
    assert (refusal.bump, refusal.smallest) == ("major", "2.0.0")
    assert refusal.reasons == ("the prompt role `role-0` went to acme/other",)


def test_a_revision_keeps_the_same_rule(furnished):
    furnished.put(make_prompt("1.0.0", name="acme/other"))
    change = furnished.submit(make_bot("2.0.0", ("acme/other",)))

    with pytest.raises(BumpTooSmall):
        furnished.revise(change, make_bot("1.0.1", ("acme/other",)))


def test_a_version_that_is_not_above_is_told_what_would_be(registry):
    registry.put(make_prompt("1.1.0"))

    with pytest.raises(VersionTaken, match="not above") as caught:
        registry.submit(make_prompt("1.0.0", "Be brief."))

    assert caught.value.hint == "Give it 1.1.1."


def test_a_new_document_begins_with_any_version(registry):
    assert registry.submit(make_prompt("0.1.0-rc.1"))


def test_a_promotion_brings_versions_as_they_are(developed):
    developed.bring("bots/acme/support")
    for version, prompts in (("2.0.0", ("acme/other",)), ("2.0.1", ("acme/other",))):
        extra = [make_prompt("1.0.0", name="acme/other")] if version == "2.0.0" else []
        purpose = f"For {version}"
        developed.put(
            make_bot(version, prompts, purpose=purpose), *extra, to="development"
        )

    developed.bring("bots/acme/support")

    assert developed.versions()["bots/acme/support"] == "2.0.1"


def test_a_rollback_lowers_without_a_step(furnished):
    furnished.put(make_prompt("1.0.1", "Be brief."))

    furnished.roll_back(PROMPT, version="1.0.0")

    assert furnished.versions()[PROMPT] == "1.0.0"


def test_what_comes_back_takes_its_step_from_what_was_live_last(registry):
    registry.put(make_prompt("1.0.0"), make_prompt("1.0.0", name="acme/fares"))
    registry.put(make_bot("2.0.0", ("acme/refunds", "acme/fares")))
    registry.put(deleted=("bots/acme/support",))

    with pytest.raises(
        BumpTooSmall, match="which was live last in production"
    ) as caught:
        registry.submit(make_bot("2.0.1"))

    assert caught.value.smallest == "3.0.0"


def test_what_comes_back_is_above_what_was_live_last(registry):
    registry.put(make_prompt("2.0.0"))
    registry.put(deleted=(PROMPT,))

    with pytest.raises(VersionTaken, match=r"not above 2\.0\.0, which was live last"):
        registry.submit(make_prompt("1.0.0", "Be brief."))


def test_what_was_never_live_here_may_begin_with_any_version(registry):
    registry.put(make_prompt("2.0.0"), to="development")

    registry.submit(make_prompt("1.0.0", "Be brief."))
