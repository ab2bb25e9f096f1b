"""How what was agreed to goes live: the steps in `registry/activations.py`."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.activations import may_activate
from registry.documents import Tier
from registry.effects import effect
from registry.errors import (
    ContentMoved,
    InvalidDocument,
    NotAgreed,
    NotAllowed,
    NotOpen,
    RegistryError,
    Stale,
    VersionTaken,
)
from registry.going_live import Edited, put_in_place
from registry.names import Digest
from registry.payloads import Activated
from registry.people import Role
from tests.rules.assembly import Registry
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

OTHER = "prompts/acme/other"


# Who, and what they name.


def test_an_operator_activates_what_was_agreed_to(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))

    event = registry.activate(change)

    assert isinstance(event.payload, Activated)
    assert registry.versions() == {PROMPT: "1.0.0"}
    assert registry.environment().seq == 1
    assert registry.change(change).seq == 1


@pytest.mark.parametrize("by", ["author", "admin", "product", "board", "viewer"])
def test_nobody_else_activates(registry, by):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))

    with pytest.raises(
        NotAllowed, match=f"{by} may not activate a change in production"
    ):
        registry.activate(change, by=by)


def test_where_the_policy_says_so_an_author_activates_their_own_change(registry):
    change = registry.submit(make_prompt("1.0.0"), to="development")

    registry.activate(change, by="author")

    assert registry.versions("development") == {PROMPT: "1.0.0"}


def test_an_author_does_not_activate_the_change_of_another(registry):
    change = registry.submit(make_prompt("1.0.0"), to="development")

    with pytest.raises(NotAllowed):
        registry.activate(change, by="editor")


def test_a_token_activates_only_with_the_role_for_it(registry):
    change = registry.submit(make_prompt("1.0.0"), to="development")
    digest = registry.change(change).revision.review_digest

    for by, roles in (("author", ()), ("operator", (Role.AUTHOR,))):
        with pytest.raises(NotAllowed):
            registry.activate(change, by=by, digest=digest, via="token:1", roles=roles)


def test_whoever_has_left_could_activate_nothing(registry):
    change = registry.change(registry.agree(registry.submit(make_prompt("1.0.0"))))
    before = may_activate(registry.state, change, "operator", registry.now)

    registry.set_person("operator", active=False)

    assert before
    assert not may_activate(registry.state, change, "operator", registry.now)


def test_an_activation_names_the_review_digest_that_it_means(registry):
    change = registry.submit(make_prompt("1.0.0"))
    seen = registry.change(change).revision.review_digest
    registry.revise(change, make_prompt("1.0.0", "Be brief."))
    registry.agree(change)

    with pytest.raises(ContentMoved):
        registry.activate(change, digest=seen)


def test_what_is_not_agreed_to_does_not_go_live(registry):
    change = registry.submit(make_prompt("1.0.0"))

    with pytest.raises(NotAgreed, match="product agrees: Needs 1 more"):
        registry.activate(change)

    assert registry.live() == {}


def test_a_change_goes_live_once(registry):
    change = registry.put(make_prompt("1.0.0"))

    with pytest.raises(NotOpen, match="was activated already"):
        registry.activate(change)


# What goes live.


def test_a_version_that_names_other_bytes_by_now_blocks(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))
    registry.put(make_prompt("1.0.0", "Be brief."), to="development")

    with pytest.raises(VersionTaken, match="stands for another text by now"):
        registry.activate(change)


def test_a_version_that_names_the_same_bytes_by_now_does_not_block(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))
    registry.put(make_prompt("1.0.0"), to="development")

    registry.activate(change)

    assert registry.live() == registry.live("development")


def test_the_first_activation_anywhere_claims_the_version(registry):
    registry.put(make_prompt("1.0.0"), to="development")
    registry.bring(PROMPT)

    written = [{edit.path for edit in event.edits} for event in registry.events]
    path = "versions/prompts/acme/refunds/1.0.0.yaml"
    assert [path in paths for paths in written].count(True) == 1


def test_live_holds_the_very_bytes_that_were_proposed(registry):
    text = make_prompt("1.0.0")
    registry.put(text)

    edits = {edit.path: edit.digest for edit in registry.events[-1].edits}
    assert edits == {
        "live/production/prompts/acme/refunds.yaml": text.digest,
        "versions/prompts/acme/refunds/1.0.0.yaml": text.digest,
    }


def test_a_deletion_takes_the_document_out_of_live_and_keeps_its_version(furnished):
    furnished.put(deleted=(BOT,))

    edits = {edit.path: edit.digest for edit in furnished.events[-1].edits}
    assert edits == {"live/production/bots/acme/support.yaml": None}


def test_a_user_that_would_break_by_now_blocks(furnished):
    change = furnished.agree(furnished.submit(make_prompt("2.0.0")))
    furnished.put(make_bot("1.1.0", range="^1"))

    with pytest.raises(InvalidDocument, match="does not allow"):
        furnished.activate(change)


documents = {
    TONE: lambda v, t: make_fragment(v, f"Tone {t}."),
    PROMPT: lambda v, t: make_prompt(v, including(text=f"Say {t}.")),
    OTHER: lambda v, t: make_prompt(v, f"Other {t}.", name="acme/other"),
    BOT: lambda v, t: make_bot(v, ("acme/refunds", "acme/other"), purpose=f"For {t}."),
}
edits = st.dictionaries(
    st.sampled_from(list(documents)),
    st.one_of(st.none(), st.integers(1, 3)),
    min_size=1,
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(edits, min_size=1, max_size=5))
def test_what_differs_is_exactly_what_was_approved(steps):
    registry = Registry()
    registry.put(*(make("1.0.0", 0) for make in documents.values()))
    for number, step in enumerate(steps, start=2):
        put = [documents[ref](f"{number}.0.0", t) for ref, t in step.items() if t]
        deleted = tuple(ref for ref, t in step.items() if t is None)
        before = registry.live()
        try:
            change = registry.submit(*put, deleted=deleted)
        except RegistryError:
            continue  # it would not hold together
        approved = registry.approved_map(change)

        registry.activate(registry.agree(change))

        after = registry.live()
        assert approved == {
            ref: after.get(ref)
            for ref in {*before, *after}
            if before.get(ref) != after.get(ref)
        }
        _check_whole(registry)


def _check_whole(registry: Registry) -> None:
    """What is live reads as if it had been composed afresh."""
    fresh = Registry()
    texts = [registry.documents[digest] for digest in registry.live().values()]
    if texts:
        fresh.put(*texts)
    for ref, live in registry.environment().live.items():
        assert live.document == fresh.environment().live[ref].document
    if BOT in registry.live():
        assert registry.told().bundle == fresh.told().bundle


@pytest.mark.parametrize(
    ("tier", "what"),
    [("high", "after"), ("high", "tier"), ("low", "tier"), ("low", "owners")],
)
def test_what_is_composed_otherwise_by_now_does_not_go_live(registry, tier, what):
    change = registry.agree(registry.submit(make_prompt("1.0.0", tier=tier)))
    (affected,) = registry.change(change).revision.effect
    other = {"after": Digest("other"), "tier": Tier.MEDIUM, "owners": ("legal",)}[what]
    registry.pretend(change, effect=(replace(affected, **{what: other}),))

    with pytest.raises(Stale, match="would not read as it did when it was made"):
        registry.activate(change)


def test_for_lower_tiers_texts_may_be_composed_otherwise_by_now(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))
    (affected,) = registry.change(change).revision.effect
    registry.pretend(change, effect=(replace(affected, after=Digest("other")),))

    registry.activate(change)

    assert registry.versions() == {PROMPT: "1.0.0"}


@pytest.mark.parametrize("difference", ["more", "less", "another"])
def test_what_would_differ_otherwise_than_agreed_is_refused(furnished, difference):
    agreed = {TONE: make_fragment("1.1.0", "Be calm.")}
    found = {
        "more": {**agreed, PROMPT: make_prompt("1.1.0", including(text="Hi."))},
        "less": {},
        "another": {TONE: make_fragment("1.1.0", "Be warm.")},
    }[difference]
    situation, environment = furnished.situation("operator"), furnished.environment()
    outlook = effect(environment, found, furnished.documents)

    with pytest.raises(Stale, match="would not differ as was agreed to"):
        put_in_place(
            *(situation, environment),
            Edited(replacements=agreed, outlook=outlook),
            change=None,
            restored=None,
            reason="",
            ratification=None,
        )


def test_what_only_reads_differently_is_in_the_event_with_its_old_bytes(furnished):
    before = furnished.environment().live[PROMPT].document

    furnished.put(make_fragment("1.1.0", "Be calm."))

    after = furnished.environment().live[PROMPT].document
    assert [d.document for d in furnished.events[-1].payload.documents] == [
        TONE,
        PROMPT,
    ]
    assert after == replace(before, composed=after.composed)
    assert after.composed != before.composed
