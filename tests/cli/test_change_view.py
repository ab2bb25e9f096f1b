"""How a change looks: what it does, a line a reason."""

from hypothesis import given
from hypothesis import strategies as st

from registry.cli import change_view
from registry.remote.changes import Fact

ONE = "guardrails/acme-air/no-promises"
OTHER = "guardrails/acme-air/no-promises-at-all"
SENTENCE = (
    f"{ONE}: rule `a`: the action became flag; {ONE}: rule `b`: it is removed; it was; "
    f"{OTHER}: the guardrail is deleted; and 3 more"
)


def shown(*facts: Fact) -> list[str]:
    return "\n".join(text.plain for text in change_view.facts(facts)).split("\n")


def fact(sentence: str, *documents: str) -> Fact:
    return Fact(name="guardrail-weakened", documents=documents, sentence=sentence)


def test_a_fact_has_a_line_for_each_reason_under_its_document():
    assert shown(fact(SENTENCE, ONE, OTHER)) == [
        "What it does",
        "  guardrail-weakened",
        f"    {ONE}",
        "      rule `a`: the action became flag",
        "      rule `b`: it is removed; it was",
        f"    {OTHER}",
        "      the guardrail is deleted",
        "      and 3 more",
        "",
    ]


def test_a_fact_of_no_document_is_told_as_it_is():
    told = shown(fact("nothing but wording differs", ONE))

    assert told[2] == "      nothing but wording differs"


@given(st.lists(st.sampled_from([ONE, OTHER, "; ", ": ", "and 2 more", "x", "("])))
def test_no_word_of_a_sentence_is_lost(parts: list[str]):
    sentence = "".join(parts)

    told = " ".join(shown(fact(sentence, ONE, OTHER)))

    assert told.count("x") >= sentence.count("x")
    assert told.count("(") == sentence.count("(")
