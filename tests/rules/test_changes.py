"""Which votes count, and which block: the rules at the top of `registry/changes.py`."""

from dataclasses import replace

import pytest

from registry.changes import ChangeType, Outcome, Status, Verdict
from registry.errors import Conflict, ContentMoved, NotAgreed, NotOpen
from registry.votes import counting_votes
from tests.rules.assembly import Registry
from tests.rules.texts import make_prompt


@pytest.fixture
def change(registry: Registry) -> int:
    """A change of tier high: it asks product and risk."""
    return registry.submit(make_prompt("1.0.0", tier="high"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (ChangeType, "edit promotion rollback policy resume"),
        (Verdict, "approve ask-for-changes veto reject retract"),
        (Outcome, "activated rejected withdrawn"),
        (
            Status,
            "waiting scheduled approved stale expired suspended activated rejected "
            "withdrawn",
        ),
    ],
    ids=["types", "verdicts", "outcomes", "statuses"],
)
def test_the_words_for_it_stay(words, said):
    """Ledgers hold them, and programs ask by them."""
    assert " ".join(words) == said


def test_a_change_is_approved_once_every_requirement_is_met(registry, change):
    before = registry.status(change)

    registry.agree(change, "product", "risk")

    assert before is Status.WAITING
    assert registry.status(change) is Status.APPROVED


def test_a_vote_for_another_review_digest_is_refused(registry, change):
    other = registry.submit(make_prompt("1.0.0", name="acme/other"))
    digest = registry.change(other).revision.review_digest

    with pytest.raises(ContentMoved):
        registry.vote(change, "product", digest=digest)


def test_a_vote_for_an_earlier_revision_is_refused(registry, change):
    digest = registry.change(change).revision.review_digest
    registry.revise(change, make_prompt("1.0.0", "Be brief.", tier="high"))

    with pytest.raises(ContentMoved):
        registry.vote(change, "product", digest=digest)


def test_a_new_revision_starts_the_voting_again(registry, change):
    registry.agree(change, "product", "risk")

    registry.revise(change, make_prompt("1.0.0", "Be brief.", tier="high"))

    assert registry.status(change) is Status.WAITING
    assert registry.requirements(change)["product agrees"].by == ()
    assert len(registry.change(change).votes) == 2  # still on record


def test_votes_do_not_come_back_with_the_content(registry, change):
    registry.agree(change, "product", "risk")
    registry.revise(change, make_prompt("1.0.0", "Be brief.", tier="high"))

    registry.revise(change, make_prompt("1.0.0", tier="high"))

    assert registry.status(change) is Status.WAITING


def test_votes_for_one_change_do_not_count_for_its_twin(registry, change):
    registry.agree(change, "product", "risk")

    twin = registry.submit(make_prompt("1.0.0", tier="high"))

    assert registry.status(twin) is Status.WAITING


def test_votes_in_one_environment_do_not_count_in_another(registry):
    staging = registry.agree(registry.submit(make_prompt("1.0.0"), to="staging"))

    production = registry.submit(make_prompt("1.0.0"))

    assert registry.status(staging) is Status.APPROVED
    assert registry.status(production) is Status.WAITING


def test_one_person_fills_one_seat(registry, change):
    registry.set_person("product", seats=("product", "risk"))

    registry.vote(change, "product", seat="product")
    registry.vote(change, "product", seat="risk")

    asked = registry.requirements(change)
    assert asked["risk agrees"].by == ("product",)
    assert asked["product agrees"].by == ()
    assert registry.status(change) is Status.WAITING


def test_one_person_counts_once():
    registry = Registry(
        production="environment: production\n"
        "requirements: [{name: two agree, seat: product, count: 2}]\n"
    )
    change = registry.submit(make_prompt("1.0.0"))

    registry.vote(change, "product")
    registry.vote(change, "product")
    after_one = registry.status(change)
    registry.vote(change, "second-product")

    assert after_one is Status.WAITING
    assert registry.status(change) is Status.APPROVED


def test_whoever_votes_again_replaces_their_vote(registry, change):
    registry.agree(change, "product", "risk")

    registry.vote(change, "risk", Verdict.ASK)

    assert registry.status(change) is Status.WAITING
    assert registry.requirements(change)["risk agrees"].by == ()


def test_a_retracted_vote_does_not_count(registry, change):
    registry.agree(change, "product", "risk")

    registry.vote(change, "risk", Verdict.RETRACT)

    assert registry.status(change) is Status.WAITING


def test_a_vote_does_not_count_once_its_author_is_a_contributor(registry, change):
    voted = registry.change(registry.agree(change, "product"))

    later = replace(voted, contributors=("author", "product"))

    assert [vote.by for vote in counting_votes(voted)] == ["product"]
    assert counting_votes(later) == ()


def test_what_was_retracted_is_no_counting_vote(registry, change):
    registry.vote(change, "risk", Verdict.ASK)

    registry.vote(change, "risk", Verdict.RETRACT)

    assert counting_votes(registry.change(change)) == ()


def test_asking_for_changes_blocks_until_the_same_person_approves(registry, change):
    registry.vote(change, "legal", Verdict.ASK)
    registry.agree(change, "product", "risk")
    blocked = registry.status(change)

    with pytest.raises(NotAgreed, match=r"legal \(ask-for-changes\): Because\."):
        registry.activate(change)
    registry.vote(change, "legal")

    assert blocked is Status.WAITING
    assert registry.status(change) is Status.APPROVED


def test_asking_for_changes_blocks_also_when_the_person_has_left(registry, change):
    registry.vote(change, "legal", Verdict.ASK)
    registry.agree(change, "product", "risk")

    registry.set_person("legal", active=False)

    assert registry.status(change) is Status.WAITING


def test_asking_for_changes_does_not_block_the_next_revision(registry, change):
    registry.vote(change, "legal", Verdict.ASK)

    registry.revise(change, make_prompt("1.0.0", "Be brief.", tier="high"))
    registry.agree(change, "product", "risk")

    assert registry.status(change) is Status.APPROVED


def test_a_veto_blocks_every_revision(registry, change):
    registry.vote(change, "legal", Verdict.VETO)

    registry.revise(change, make_prompt("1.0.0", "Be brief.", tier="high"))
    registry.agree(change, "product", "risk")

    assert registry.status(change) is Status.WAITING
    with pytest.raises(NotAgreed, match=r"legal \(veto\)"):
        registry.activate(change)


def test_a_veto_blocks_also_when_the_person_has_left(registry, change):
    registry.vote(change, "legal", Verdict.VETO)
    registry.set_person("legal", active=False, seats=())

    registry.agree(change, "product", "risk")

    assert registry.status(change) is Status.WAITING


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.ASK, Verdict.RETRACT])
def test_nobody_clears_their_own_veto_in_passing(registry, change, verdict):
    registry.vote(change, "legal", Verdict.VETO)
    registry.agree(change, "product", "risk")

    with pytest.raises(Conflict, match="legal has vetoed"):
        registry.vote(change, "legal", verdict)

    assert registry.status(change) is Status.WAITING


def test_approving_does_not_clear_the_veto_of_somebody_else(registry, change):
    registry.vote(change, "legal", Verdict.VETO)

    registry.agree(change, "product", "risk", "board")

    assert [veto.by for veto in registry.change(change).vetoes] == ["legal"]


def test_a_change_expires(registry, change):
    registry.agree(change, "product", "risk")

    registry.now = registry.change(change).revision.expires

    assert registry.status(change) is Status.EXPIRED
    with pytest.raises(NotOpen):
        registry.activate(change)


def test_until_the_moment_of_expiry_a_change_is_open(registry, change):
    registry.agree(change, "product", "risk")

    registry.now = registry.change(change).revision.expires
    registry.wait(microseconds=-1)

    assert registry.status(change) is Status.APPROVED
