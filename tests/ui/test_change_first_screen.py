"""What one who decides on a change sees before they scroll, and what stands below."""

from registry.documents import dump
from registry.remote.changes import ChangeView, Proposal
from tests.api import texts
from tests.test_guardrails import check, guardrail, rule
from tests.ui.proposing import PRODUCTION, goes_live, proposes, revises, votes
from tests.ui.test_change import button, opens, text
from tests.ui.world import World


def tries(world: World, handle: str, change: ChangeView, **more: object) -> None:
    """Attach what was tried: one good answer and nine bad ones, of 240."""
    bad = {"input": "Bad?", "before": "No.", "after": "Yes.", "verdict": "fail"}
    good = {"input": "Good?", "before": "Yes.", "after": "No.", "verdict": "pass"}
    examples = [{**one, "source": "production"} for one in (good, *[bad] * 3)]
    told = {"passed": True, "total": 240, "failed": 9, "threshold": 0.95}
    told["production"] = 160
    world[handle].checks.attach(
        change.id,
        {
            "name": "answers",
            "content": change.content,
            "examples": examples,
            **told,
            **more,
        },
    )


def test_what_failed_stands_in_red_with_threshold_sample_and_who_ran_it(world):
    change = proposes(world, "screen/failed")
    tries(world, "evaluator", change)

    with opens(world, "risk", change) as page:
        html = text(page)

    assert '<span class="mark red">9 of 240 fail</span>' in html
    assert "96.25% right, 95% asked for: enough" in html
    assert "by evaluator" in html
    assert "by who worked on it" not in html


def test_what_its_author_has_tried_is_amber(world):
    change = proposes(world, "screen/own")
    tries(world, "author", change, passed=False)

    with opens(world, "risk", change) as page:
        html = text(page)

    assert '<span class="mark amber">by who worked on it</span>' in html
    assert "<strong>not enough</strong>" in html


def test_three_answers_stand_there_the_worst_first_and_the_rest_is_counted(world):
    change = proposes(world, "screen/worst")
    tries(world, "evaluator", change)

    with opens(world, "risk", change) as page:
        html = text(page)

    assert html.count("Bad?</div>") == 3
    assert "Good?</div>" not in html
    assert "worst first, 1 more below" in html


def test_the_author_says_why_right_under_the_title(world):
    change = proposes(world, "screen/why")
    world["author"].changes.comment(change.id, "Customers wait for <b>hours</b>.")

    with opens(world, "risk", change) as page:
        html = text(page)

    why = html.index(
        "<strong>Why</strong> Customers wait for &lt;b&gt;hours&lt;/b&gt;."
    )
    assert why < html.index("Who has to agree")


def test_what_the_author_answers_to_others_is_no_reason(world):
    change = proposes(world, "screen/answered")
    votes(world, change, "risk", "ask-for-changes", "Why at all?")
    world["author"].changes.comment(change.id, "Would that do?")

    with opens(world, "risk", change) as page:
        html = text(page)

    assert "<strong>Why</strong>" not in html
    assert "author has given no reason beside the title." in html


def test_it_says_of_each_bot_whom_it_talks_to_and_what_nobody_measures(world):
    bot = texts.bot("screen/support").replace("acme/refunds", "screen/refunds")
    prompt = texts.prompt("screen/refunds", "1.0.0", "Be kind.")
    first = submits(world, prompt, bot)
    goes_live(world, first, "product", "risk", "legal", "board")
    change = proposes(world, "screen/refunds", "Be kinder.", version="1.0.1")

    with opens(world, "risk", change) as page:
        html = text(page)

    assert "<strong>screen/support</strong> talks to " in html
    assert "Conversations: not measured" in html


def submits(world: World, *sources: str, title: str = "New") -> ChangeView:
    return world["author"].changes.submit(
        PRODUCTION,
        Proposal(title=title, sources=list(sources), deleted=[], edited_from={}),
    )


def rules(version: str, action: str) -> str:
    words = check("keyword", terms=["refund", "gratis"])
    name = "screen/promises"
    shows = {"rule": "the-rule", "stage": "output"}
    cases = [
        {**shows, "text": "A refund is yours.", "expect": "trigger"},
        {**shows, "text": "Ask a person.", "expect": "pass"},
    ]
    found = guardrail(
        rule(words, action=action), name=name, version=version, cases=cases
    )
    return dump(found).decode()


def test_an_edit_of_a_guardrail_is_told_in_words_before_and_after(world):
    first = submits(world, rules("1.0.0", "escalate"))
    goes_live(world, first, "product", "risk", "legal", "board")
    change = submits(world, rules("2.0.0", "flag"))

    with opens(world, "risk", change) as page:
        html = text(page)

    says = "If what the bot answers says &quot;refund&quot;, &quot;gratis&quot;, "
    before, after = f"{says}a person takes over", f"{says}it is only noted"
    assert html.index(before) < html.index(after) < html.index("action: ")
    assert "what it finds is only noted (flag), and went to a person" in html


def test_what_blocks_stands_by_itself_before_the_decision(world):
    change = proposes(world, "screen/blocked")
    votes(world, change, "risk", "ask-for-changes", "Say which refunds.")

    with opens(world, "product", change) as page:
        html = text(page)

    here = html.index("Open questions")
    assert here < html.rindex("Say which refunds.") < html.index("Your decision")
    assert "until risk approves it or takes it back" in html


def test_dissent_from_an_earlier_revision_stays_on_record(world):
    change = proposes(world, "screen/dissent")
    votes(world, change, "risk", "ask-for-changes", "Not like this.")
    revises(world, change, "screen/dissent", "Otherwise.")

    with opens(world, "product", change) as page:
        html = text(page)

    assert "Nothing that anybody has said blocks it." in html
    assert "Dissent on record" in html


def test_a_receipt_is_offered_at_once_and_its_proof_is_read_when_asked_for(world):
    change = proposes(world, "screen/receipt")
    votes(world, change, "risk")

    with opens(world, "risk", change) as page:
        closed = text(page)
        (download,) = page.main.get("download_button")
        page.session_state[f"recorded-change-{change.id}-risk"] = True
        page.run()
        opened = text(page)
    receipt = world["risk"].changes.receipt(change.id)

    assert "Download the receipt" in download.proto.label
    assert receipt.checkpoint.splitlines()[2] not in closed
    assert receipt.root in opened


def test_the_evidence_of_a_change_is_made_on_its_page(world):
    change = proposes(world, "screen/evidence")
    world["risk"].changes.comment(change.id, "So that it is signed.")

    with opens(world, "auditor", change) as page:
        button(page, "Make the evidence of this change").click().run()
        _, made = page.session_state["_pack_made"]

    assert made.name == f"evidence-change-{change.id}"


def test_the_safety_net_tells_the_last_rollback_and_where_to_stop(demo):
    remote = demo["viewer"]
    found = remote.changes.list(environment=PRODUCTION, q="acme-air/refunds")
    change = next(iter(found))

    with demo.page("viewer", "change", id=str(change.id)) as page:
        page.session_state[f"around-{change.id}"] = "Safety net"
        page.run()
        html = text(page)

    assert "Last rollback of acme-air/support" in html
    assert "by operator, as seq" in html
    assert "do=stop&bot=acme-air%2Fsupport" in html.replace("&amp;", "&")
    assert "Operators, who can stop and roll back whatever is live: operator" in html
