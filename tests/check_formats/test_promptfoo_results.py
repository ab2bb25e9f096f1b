"""promptfoo's result file: what counts as a sample, and what was before and after."""

import json

import pytest

from registry.check_formats import Format, Reading, Told, read
from registry.check_results import Source
from registry.errors import Invalid, TooLarge
from registry.names import Digest

CONTENT = Digest("sha256:" + "1" * 64)
TOLD = Told(name="answers", content=CONTENT, source=None, threshold=None, link=None)


def row(
    test: int = 0,
    column: int = 0,
    *,
    output: object = "Within 24 hours.",
    success: bool = True,
    label: str = "support",
    provider: str = "openai:gpt-4o-mini",
    question: str = "Can I get my money back?",
    **more,
) -> dict:
    """A row as version 3 has it, with what is not read left in."""
    return {
        "cost": 0.00021,
        "error": None if success else 'Expected output to contain "24 hours"',
        "failureReason": 0 if success else 1,
        "gradingResult": {
            "pass": success,
            "score": 1 if success else 0,
            "reason": "All assertions passed",
            "componentResults": [],
        },
        "id": "59370eae-c089-4a0e-96a8-63dec4143ed9",
        "latencyMs": 911,
        "namedScores": {},
        "prompt": {"raw": f"You answer.\n{question}", "label": label, "config": {}},
        "promptId": "d3bcaf71c11c2678899be04d872718325f0916b3b0705e805ee29930663a42e2",
        "promptIdx": column,
        "provider": {"id": provider, "label": ""},
        "response": {"output": output, "tokenUsage": {"total": 17}, "cached": False},
        "score": 1 if success else 0,
        "success": success,
        "testCase": {"vars": {"question": question}, "assert": [], "options": {}},
        "testIdx": test,
        "vars": {"question": question},
        "metadata": {"_promptfooFileMetadata": {}},
    } | more


def results(*rows: dict, version: object = 3) -> bytes:
    good = sum(each["success"] for each in rows)
    whole = {
        "evalId": "eval-jbk-2026-05-19T22:20:39",
        "results": {
            "version": version,
            "timestamp": "2026-05-19T22:20:39.572Z",
            "prompts": [],
            "results": list(rows),
            "stats": {"successes": good, "failures": len(rows) - good, "errors": 0},
        },
        "config": {"description": "Refunds"},
        "shareableUrl": None,
        "metadata": {"promptfooVersion": "0.121.11"},
    }
    return json.dumps(whole).encode()


def reading(*rows: dict, told: Told = TOLD, **more) -> Reading:
    return read(results(*rows, **more), Format.PROMPTFOO, told)


def test_each_row_of_one_prompt_is_a_sample():
    result = reading(row(0), row(1, success=False), row(2)).result

    assert (result.total, result.failed, result.passed) == (3, 1, False)
    assert {example.before for example in result.examples} == {None}


def test_the_threshold_decides_whether_it_passed():
    rows = [row(n, success=n > 0) for n in range(20)]

    passed = reading(*rows, told=_with(threshold=0.95)).result
    failed = reading(*rows, told=_with(threshold=0.96)).result

    assert (passed.passed, passed.threshold) == (True, 0.95)
    assert not failed.passed


def test_with_two_columns_the_first_is_before_and_the_last_after():
    result = reading(
        row(0, 1, output="Within 24 hours."), row(0, 0, output="No.", success=False)
    ).result

    (example,) = result.examples
    assert (result.total, result.failed) == (1, 0)
    assert (example.before, example.after) == ("No.", "Within 24 hours.")


@pytest.mark.parametrize("where", ["prompt", "provider"])
def test_a_label_says_which_column_was_before(where):
    before = row(0, 1, output="No.")
    if where == "prompt":
        before["prompt"]["label"] = "refunds (live)"
    else:
        before["provider"]["label"] = "before"

    (example,) = reading(row(0, 0), before).result.examples

    assert (example.before, example.after) == ("No.", "Within 24 hours.")


def test_a_word_that_only_contains_live_is_no_label():
    result = reading(row(0, 0, label="delivery"), row(0, 1, label="delivery")).result

    assert result.total == 1


def test_what_became_worse_is_shown_first_and_what_is_the_same_last():
    rows = []
    for n, (was, now) in enumerate(
        [(True, True), (False, True), (False, False), (True, False)]
    ):
        rows.append(row(n, 0, question=f"{n}", output="x", success=was))
        rows.append(row(n, 1, question=f"{n}", output="x", success=now))

    shown = [example.input for example in reading(*rows).result.examples]

    assert shown == ["3", "2", "1", "0"]


def test_an_error_is_a_failure_and_says_so():
    broken = row(success=False, error="429 Too Many Requests", response={})

    (example,) = reading(broken).result.examples

    assert (example.verdict, example.after) == (
        "fail",
        "[no answer: 429 Too Many Requests]",
    )


def test_an_answer_that_is_no_text_is_shown_as_json():
    (example,) = reading(row(output={"refund": True})).result.examples

    assert example.after == '{"refund": true}'


def test_several_variables_are_shown_with_their_names():
    several = row(vars={"question": "Why?", "tier": "gold"})

    (example,) = reading(several).result.examples

    assert example.input == "question: Why?\ntier: gold"


def test_version_2_and_a_list_of_rows_are_read_alike():
    rows = [row(0), row(1, success=False)]

    third = reading(*rows).result
    second = reading(*rows, version=2).result
    alone = read(json.dumps(rows).encode(), Format.PROMPTFOO, TOLD).result

    assert third == second == alone


def test_all_inputs_are_from_where_it_is_said():
    result = reading(row(0), row(1), told=_with(source=Source.PRODUCTION)).result

    assert result.production == 2
    assert {example.source for example in result.examples} == {Source.PRODUCTION}


def test_at_most_fifty_are_kept_and_those_that_fail_before_others():
    rows = [row(n, success=n != 99, question=str(n)) for n in range(100)]

    found = reading(*rows)

    assert len(found.result.examples) == 50
    assert found.result.examples[0].input == "99"
    assert found.left_out == 50


def test_long_texts_are_cut_until_the_ledger_takes_them():
    from registry.attachments import check_result

    rows = [row(n, output="\x01" * 100_000, question="q" * 9_000) for n in range(60)]

    assert check_result(reading(*rows).result).total == 60


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"not json",
        b'{"results": {"version": 3, "results": []}}',
        b'{"results": {"version": 4, "results": [{"success": true}]}}',
        b'{"results": {"version": [], "results": [{"success": true}]}}',
        b'{"results": {"version": 3, "results": [{"verdict": true}]}}',
        b'{"results": 7}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b"<testsuites/>",
    ],
    ids=lambda wrong: wrong[:20].decode("latin-1"),
)
def test_what_is_no_result_is_refused(wrong):
    with pytest.raises(Invalid) as refused:
        read(wrong, Format.PROMPTFOO, TOLD)

    assert refused.value.hint


def test_strange_members_are_read_as_nothing():
    strange = {"success": True, "vars": 3, "prompt": [], "provider": 7, "response": 1}

    (example,) = read(
        json.dumps([strange]).encode(), Format.PROMPTFOO, TOLD
    ).result.examples

    assert (example.input, example.after) == ("", "[no answer]")


def test_half_of_a_surrogate_pair_does_not_come_through():
    (example,) = reading(row(output="\ud800")).result.examples

    assert example.after == "\N{REPLACEMENT CHARACTER}"


def test_a_name_has_to_be_said():
    with pytest.raises(Invalid, match="no name"):
        reading(row(), told=_with(name=None))


@pytest.mark.slow
def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(TooLarge):
        read(b" " * (64 * 2**20 + 1), Format.PROMPTFOO, TOLD)


def _with(**what) -> Told:
    said = {
        "name": "answers",
        "content": CONTENT,
        "source": None,
        "threshold": None,
        "link": None,
    }
    return Told(**(said | what))
