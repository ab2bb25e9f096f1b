"""What a vote binds: the review digest of a revision."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.changes import (
    Affected,
    Base,
    Edit,
    PolicyPin,
    ProposedPolicy,
    Read,
    Resumption,
    Revision,
)
from registry.documents import Tier
from registry.errors import Invalid, StillReferred
from registry.names import Digest, Ref
from registry.policy_text import parse_policy
from registry.review_digest import review_digest
from registry.revisions import MAX_DOCUMENTS
from tests.rules.bench import NOON, PRODUCTION
from tests.rules.strategies import values
from tests.rules.texts import PROMPT, TONE, including, make_fragment, make_prompt

BASE = Base(digest=Digest("old"), since=3)
EDIT = Edit(document=Ref("prompts/a"), base=BASE, digest=Digest("new"), version="2.0.0")
AFFECTED = Affected(
    document=Ref("prompts/a"),
    tier=Tier.HIGH,
    owners=("legal", "product"),
    before=BASE,
    after=Digest("composed"),
)
READ = Read(document=Ref("fragments/b"), base=BASE)
PROPOSED = ProposedPolicy(
    policy=parse_policy(PRODUCTION.encode()).policy,
    source=PRODUCTION,
    digest=Digest("policy"),
)
RESUMPTION = Resumption(bot="acme/support", stopped=4, bundle=Digest("bundle"))
FULL = Revision(
    number=2,
    by="author",
    at=NOON,
    title="Say it better",
    edits=(EDIT, replace(EDIT, document=Ref("prompts/c"), base=None)),
    effect=(AFFECTED, replace(AFFECTED, document=Ref("prompts/c"), before=None)),
    reads=(READ,),
    strict=True,
    policy=PolicyPin(digest=Digest("in force"), since=1),
    proposed_policy=PROPOSED,
    resumption=RESUMPTION,
    requirements=(),
    expires=NOON + timedelta(days=30),
    review_digest=Digest(""),
    earliest=NOON + timedelta(days=1),
)
"""No real revision has all of this at once; the digest has to bind each part."""


def digest(revision: Revision, *, repository="tested", to="production", change=7):
    return review_digest(repository, to, change, revision)


def edited(**what) -> Revision:
    return replace(FULL, edits=(replace(EDIT, **what), *FULL.edits[1:]))


def affecting(**what) -> Revision:
    return replace(FULL, effect=(replace(AFFECTED, **what), *FULL.effect[1:]))


BOUND = {
    "the revision": replace(FULL, number=3),
    "one edit less": replace(FULL, edits=FULL.edits[:1]),
    "the name of an edit": edited(document=Ref("prompts/b")),
    "the digest of a base": edited(base=replace(BASE, digest=Digest("other"))),
    "since when a base is live": edited(base=replace(BASE, since=4)),
    "that there is a base": edited(base=None),
    "the new digest": edited(digest=Digest("newer")),
    "that it deletes": edited(digest=None),
    "one document less in the effect": replace(FULL, effect=FULL.effect[:1]),
    "the name of an affected document": affecting(document=Ref("prompts/b")),
    "a tier": affecting(tier=Tier.LOW),
    "an owner": affecting(owners=("product",)),
    "what an affected document reads like now": affecting(
        before=replace(BASE, digest=Digest("other"))
    ),
    "since when it reads like that": affecting(before=replace(BASE, since=4)),
    "that it is live": affecting(before=None),
    "what it will read like": affecting(after=Digest("other")),
    "that it will be gone": affecting(after=None),
    "one read less": replace(FULL, reads=()),
    "the name of a read": replace(FULL, reads=(replace(READ, document=Ref("x")),)),
    "the digest of a read": replace(
        FULL, reads=(replace(READ, base=replace(BASE, digest=Digest("other"))),)
    ),
    "since when a read is live": replace(
        FULL, reads=(replace(READ, base=replace(BASE, since=4)),)
    ),
    "what it was compared with": replace(
        FULL, compared=(replace(READ, document=Ref("x")),)
    ),
    "the policy": replace(FULL, policy=replace(FULL.policy, digest=Digest("other"))),
    "since when it is in force": replace(FULL, policy=replace(FULL.policy, since=2)),
    "the proposed policy": replace(
        FULL, proposed_policy=replace(PROPOSED, digest=Digest("other"))
    ),
    "that a policy is proposed": replace(FULL, proposed_policy=None),
    "the bot to resume": replace(FULL, resumption=replace(RESUMPTION, bot="other")),
    "the stop that ends": replace(FULL, resumption=replace(RESUMPTION, stopped=5)),
    "the bundle that comes back": replace(
        FULL, resumption=replace(RESUMPTION, bundle=Digest("other"))
    ),
    "that a bot resumes": replace(FULL, resumption=None),
    "the expiry": replace(FULL, expires=FULL.expires + timedelta(microseconds=1)),
    "the schedule": replace(FULL, earliest=NOON + timedelta(days=1, microseconds=1)),
    "that there is a schedule": replace(FULL, earliest=None),
    "whether texts are bound": replace(FULL, strict=False),
}


@pytest.mark.parametrize("other", BOUND.values(), ids=list(BOUND))
def test_the_review_digest_binds(other):
    assert digest(other) != digest(FULL)


def test_all_that_is_bound_gives_different_digests():
    assert len({digest(FULL), *map(digest, BOUND.values())}) == len(BOUND) + 1


@pytest.mark.parametrize(
    "place", [{"repository": "other"}, {"to": "staging"}, {"change": 8}]
)
def test_the_review_digest_binds_repository_environment_and_change(place):
    assert digest(FULL, **place) != digest(FULL)


@pytest.mark.parametrize(
    "other",
    [
        replace(FULL, edits=FULL.edits[::-1]),
        replace(FULL, effect=FULL.effect[::-1]),
        replace(FULL, review_digest=Digest("other")),
    ],
)
def test_the_review_digest_depends_on_nothing_else(other):
    assert digest(other) == digest(FULL)


@pytest.mark.parametrize("field", fields(Revision), ids=lambda field: field.name)
@settings(max_examples=30)
@given(data=st.data())
def test_another_value_of_a_field_changes_the_digest_exactly_if_it_is_bound(
    field, data
):
    one = data.draw(values(Revision))
    two = replace(one, **{field.name: data.draw(values(field.type))})

    assert (digest(one) == digest(two)) is (_bound(one) == _bound(two))


@settings(max_examples=30)
@given(values(Revision), st.text(), values(Edit))
def test_any_further_edit_changes_the_digest(revision, repository, edit):
    more = replace(revision, edits=(*revision.edits, edit))

    assert digest(more, repository=repository) != digest(
        revision, repository=repository
    )


def test_for_lower_tiers_the_texts_are_not_bound():
    loose = replace(FULL, strict=False)

    other = replace(
        loose,
        effect=(replace(AFFECTED, before=None, after=None), *FULL.effect[1:]),
        reads=(),
    )

    assert digest(other) == digest(loose)


def _bound(revision: Revision):
    """What the design says is bound."""
    edits = sorted(revision.edits, key=lambda edit: edit.document)
    effect = sorted(revision.effect, key=lambda affected: affected.document)
    proposed = revision.proposed_policy
    texts = [(a.before, a.after) for a in effect]
    reads = revision.reads if revision.strict else ()
    return (
        revision.number,
        [(edit.document, edit.base, edit.digest) for edit in edits],
        [(a.document, a.tier, a.owners) for a in effect],
        texts if revision.strict and effect else None,
        (*reads, *revision.compared),
        revision.policy,
        proposed and proposed.digest,
        revision.resumption,
        revision.expires,
        revision.earliest,
    )


def test_a_revision_carries_the_digest_of_what_it_binds(furnished):
    change = furnished.submit(make_prompt("1.1.0", including(), tier="high"))

    revision = furnished.change(change).revision
    assert revision.review_digest == review_digest(
        "tested", "production", change, revision
    )


def test_an_edit_says_what_it_replaces_by_what(furnished):
    new, text = make_prompt("1.0.0", name="acme/new"), make_prompt("1.1.0")
    live = furnished.live()[PROMPT]

    change = furnished.submit(new, text, deleted=(TONE,))

    assert furnished.change(change).revision.edits == (
        Edit(
            document=TONE,
            base=Base(digest=furnished.live()[TONE], since=1),
            digest=None,
            version=None,
        ),
        Edit(document=new.ref, base=None, digest=new.digest, version="1.0.0"),
        Edit(
            document=PROMPT,
            base=Base(digest=live, since=1),
            digest=text.digest,
            version="1.1.0",
        ),
    )


def test_edits_are_in_the_order_of_their_names(registry):
    one = make_prompt("1.0.0", name="acme/one")
    two = make_prompt("1.0.0", name="acme/two")

    change = registry.submit(two, one)

    edits = registry.change(change).revision.edits
    assert [edit.document for edit in edits] == [one.ref, two.ref]


def test_the_commit_of_a_revision_names_change_revision_and_review_digest(registry):
    change = registry.submit(make_prompt("1.0.0"))

    event = registry.revise(change, make_prompt("1.0.0", "Be brief."))

    digest = registry.change(change).revision.review_digest
    assert event.message.splitlines()[1:] == [
        *("", "Change: 1", "Revision: 2"),
        *(f"Review-Digest: {digest}", "Actor: author"),
    ]


@pytest.mark.parametrize(("tier", "strict"), [("high", True), ("medium", False)])
def test_texts_are_bound_for_high_tiers(furnished, tier, strict):
    change = furnished.submit(make_fragment("1.1.0", "Be calm.", tier=tier))

    assert furnished.change(change).revision.strict is strict


def test_a_change_that_changes_nothing_is_refused(furnished):
    with pytest.raises(Invalid, match="is live in production already"):
        furnished.submit(make_fragment("1.0.0"))


def test_a_change_has_at_most_a_thousand_documents(registry):
    document = make_prompt("1.0.0")
    many = (
        replace(document, ref=Ref(f"prompts/acme/n{n}"))
        for n in range(MAX_DOCUMENTS + 1)
    )

    with pytest.raises(Invalid, match="at most 1000 documents"):
        registry.submit(*many)


def test_a_thousand_documents_are_not_too_many(furnished):
    document = make_prompt("1.0.0")
    many = (
        replace(document, ref=Ref(f"prompts/acme/n{n}"))
        for n in range(MAX_DOCUMENTS - 1)
    )

    with pytest.raises(StillReferred):  # which is found later, and sooner than composed
        furnished.submit(*many, deleted=(TONE,))


@pytest.mark.parametrize(
    "title",
    [
        *("", "   ", "x" * 201, "two\nlines", "tab\there", "bell\a", "\x1b[31mred"),
        *("\u202eright to left", "zero\u200bwidth", "\ud800", "nul\0"),
    ],
)
def test_a_title_is_one_line_of_printable_text(registry, title):
    with pytest.raises(Invalid, match="title"):
        registry.submit(make_prompt("1.0.0"), title=title)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("x" * 1201, "has 1,201 characters, and 200 are taken"),
        ("Re\u202eview", "has U+202E RIGHT-TO-LEFT OVERRIDE at character 3"),
        ("a \x1b[31mred", "has U+001B ESCAPE at character 3"),
    ],
)
def test_a_title_that_cannot_be_says_what_of_it_cannot(registry, title, said):
    with pytest.raises(Invalid) as caught:
        registry.submit(make_prompt("1.0.0"), title=title)

    assert said in str(caught.value)


def test_a_title_may_be_in_any_language(registry):
    change = registry.submit(
        make_prompt("1.0.0"), title=" Erstattung: höflicher, 退款 "
    )

    assert registry.change(change).revision.title == "Erstattung: höflicher, 退款"
