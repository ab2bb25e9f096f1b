"""Parts of the page of a change, each by what it says of a change's values."""

from dataclasses import replace
from datetime import UTC, datetime

from streamlit.testing.v1 import AppTest

from registry.remote.changes import Fact, Standing
from registry.remote.checks import Attached, CheckStanding, Example, Line, Result
from registry.text_differences import compare
from tests.ui.proposing import proposes
from ui.parts import differences
from ui.parts.proposals import agreement, tested
from ui.parts.proposals.drawing import SOURCE, UNIFIED, Wording, drawn
from ui.parts.proposals.wording import named_first

NOW = datetime.now(UTC)


def standing(name: str, **more: object) -> Standing:
    told = {"seat": "risk", "count": 1, "met": True, "why": "", "since": NOW}
    lists = {"by": ("ada",), "could": (), "because": ("bots/a",), "missing": ()}
    told |= {"later": (), "stalled": False}
    return Standing(**{"name": name, **told, **lists, **more})


def test_a_requirement_that_asks_nobody_is_not_counted_as_agreed():
    nobody = {"seat": None, "count": 0, "by": (), "since": None}
    asks = standing("risk agrees", met=False, by=())
    html = agreement.needs((standing("open", **nobody), asks), is_open=True)

    assert "<strong>0 of 1</strong> have agreed" in html
    assert "nobody is asked</span>open" in html
    assert "agreed</span>" not in html


def test_where_every_requirement_is_open_nobody_is_asked():
    nobody = standing("low", seat=None, count=0, by=(), since=None)

    assert "of 1</strong>" not in agreement.needs((nobody,), is_open=True)


def line(check: str, document: str | None, sentence: str = "It is bad.") -> Line:
    return Line(
        check=check, state="failed", sentence=sentence, document=document, line=0,
        hint="",
    )  # fmt: skip


def required(check: str, document: str, why: str) -> CheckStanding:
    return CheckStanding(
        name=check, state="failed", met=False, why=why, could_waive=(),
        because=(document,),
    )  # fmt: skip


def test_a_failed_check_is_left_out_only_where_its_requirement_tells_it(world):
    told = replace(
        proposes(world, "parts/checks"),
        checks=(
            line("leaks", "bots/a"),
            line("leaks", "bots/a", "It is worse."),
            line("leaks", "bots/b"),
            line("cases", "bots/a"),
        ),
        required_checks=(
            required("leaks", "bots/a", "bots/a: It is bad, and 1 more."),
        ),
    )
    html = tested.checks(told)

    assert 'leaks <span class="muted">bots/a: It is bad.' not in html
    for shown in ("bots/a: It is worse.", "bots/b: It is bad."):
        assert f'leaks <span class="muted">{shown}' in html
    assert 'cases <span class="muted">bots/a: It is bad.' in html


def attached(name: str) -> Attached:
    result = Result(
        name=name, content="", passed=True, total=2, failed=0, threshold=None,
        production=0, link=None,
        examples=tuple(
            Example(
                input=f"{name} {n}?", before=None, after="A", verdict="pass", source=""
            )
            for n in range(2)
        ),
    )  # fmt: skip
    return Attached(
        by="eva", at=NOW, revision=1, counts=True, contributed=False, evaluator=True,
        result=result,
    )  # fmt: skip


def test_how_many_examples_are_left_is_told_once_for_all_results(world):
    change = proposes(world, "parts/answers")
    html = tested.answers(change, [attached("one"), attached("two")])

    assert html.count("more below") == 1
    assert "1 more below" in html


RULES = """\
kind: guardrail
version: "{version}"
owner: risk
a: 1
b: 2
c: 3
d: 4
e: 5
f: 6
action: {action}
"""


def wording(*documents: str, before: str | None = "A", after: str = "B") -> Wording:
    return Wording(documents=documents, how="", reads=False, before=before, after=after)


def test_a_passage_that_differs_in_the_version_alone_is_left_out_but_in_the_source():
    one = wording(
        "guardrails/a",
        before=RULES.format(version="1.0.0", action="escalate"),
        after=RULES.format(version="2.0.0", action="flag"),
    )

    for how in ("Side by side", UNIFIED):
        assert "version" not in drawn(one, how, "a")
        assert "<del>escalate</del>" in drawn(one, how, "a")
    assert "version" in drawn(one, SOURCE, "a")
    assert "version" in drawn(replace(one, reads=True), UNIFIED, "a")


def test_a_version_that_is_all_that_differs_is_shown():
    before, after = (RULES.format(version=one, action="flag") for one in ("1", "2"))

    assert "version" in drawn(wording("a", before=before, after=after), UNIFIED, "a")


def test_what_a_fact_names_stands_before_what_is_only_reworded():
    facts = (
        Fact(name="wording-only", documents=("prompts/a",), sentence=""),
        Fact(name="guardrail-weakened", documents=("guardrails/c",), sentence=""),
    )
    texts = [wording(name) for name in ("prompts/a", "prompts/b", "guardrails/c")]

    ordered = [one.documents[0] for one in named_first(texts, facts)]

    assert ordered == ["guardrails/c", "prompts/a", "prompts/b"]


def test_what_stays_is_cut_unless_something_hides_in_it():
    html = differences.side_by_side("a", "x\nold", "x\nnew")
    hides = differences.side_by_side("a", "x\u200b\nold", "x\u200b\nnew")

    assert 'class="same cut"' in html
    assert 'class="same cut"' not in hides


def test_of_what_is_left_out_only_lines_that_differ_are_counted():
    before, after = (
        "\n".join(f"{n} {word if n % 2 else ''}" for n in range(1400))
        for word in ("old", "new")
    )
    left = compare(before, after)[differences.MAX_LINES :]
    differ = [line for line in left if line.sign != " "]

    assert 0 < len(differ) < len(left)
    html = differences.unified("a", before, after)
    assert f"{len(differ)} more lines differ" in html


def downloading(after: str) -> None:
    from ui.parts import differences

    differences.show_downloads("prompts/a", "old", after, "long")


def test_texts_that_differ_too_much_to_be_shown_can_be_downloaded():
    many = "\n".join(f"line {n}" for n in range(differences.MAX_LINES + 5))
    long = AppTest.from_function(downloading, args=(many,)).run()
    short = AppTest.from_function(downloading, args=("new",)).run()

    labels = [one.label for one in long.main.get("download_button")]
    assert labels == ["Download the text before", "Download the text after"]
    assert not short.main.get("download_button")


def composing() -> None:
    from registry.remote.differences import EffectDifference
    from ui.parts.proposals.drawing import WHOLE, Wording, show_all

    each = tuple(
        EffectDifference(
            document=name,
            tier="low",
            owners=(),
            before=f"{name} was",
            after=f"{name} is",
        )
        for name in ("prompts/a", "prompts/b")
    )
    one = Wording(
        documents=("prompts/a", "prompts/b"),
        how="",
        reads=True,
        before=each[0].before,
        after=each[0].after,
        each=each,
    )
    show_all([one], WHOLE, "here")


def test_each_composed_text_can_be_read_as_it_was_and_as_it_becomes():
    page = AppTest.from_function(composing).run()
    page.selectbox[0].select("prompts/b").run()

    html = "".join(one.body for one in page.main.get("html"))
    assert "prompts/b was" in html
    assert "prompts/b is" in html
    assert "prompts/a is" not in html


def test_the_history_names_the_incidents_of_emergencies_of_its_documents(demo):
    remote = demo["viewer"]
    emergency = next(
        one for one in remote.ratifications.list() if one.incident == "INC-2117"
    )
    document = remote.changes.get(emergency.change).documents[0]
    change = next(
        one
        for one in remote.changes.list(environment="production")
        if document not in one.documents
    )

    told = {}
    for number in (emergency.change, change.id):
        with demo.page("viewer", "change", id=str(number)) as page:
            page.session_state[f"around-{number}"] = "History"
            page.run()
            told[number] = "".join(one.body for one in page.main.get("html"))
    row = '<th scope="row">INC-2117</th>'
    assert row in told[emergency.change]
    assert row not in told[change.id]
