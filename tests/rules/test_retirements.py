"""When models stop answering: what counts, what is shown, and what the sources say."""

import json
import os
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.calendar import read_calendar, read_sources
from registry.errors import Invalid
from registry.retirements import DOCUMENT, Calendar, Record, near

DATA = Path(__file__).parents[3] / "shared/data/model-lifecycle"
SUNSET = DATA / "llm-sunset-0.3.1-snapshot.json"
RSS = DATA / "deprecations-rss-data.json"
LITELLM = DATA / "litellm-1.109.1-models-with-deprecation-date.json"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the lists of retirements are not beside this folder"
)

TODAY = date(2026, 11, 23)
CHAT = {"platform": "openai", "model": "gpt-4o-2024-05-13"}
OWN = {
    "status": "active",
    "shutdown_on": "2027-04-14",
    "firm": True,
    "replacement": "gpt-5",
    "source": "https://example.org",
    "checked_on": "2026-11-20",
}


def record(
    day: str,
    *,
    platform: str = "openai",
    model: str = "gpt-4o-2024-05-13",
    region: str | None = None,
    source: str = "a list",
    replacement: str | None = None,
) -> Record:
    return Record(
        platform=platform,
        model=model,
        region=region,
        shutdown_on=date.fromisoformat(day),
        firm=None,
        source=source,
        link=None,
        checked_on=TODAY,
        replacement=replacement,
    )


def found(binding, *records: Record):
    retirement = Calendar(records).find(binding)
    assert retirement is not None
    return retirement


def test_nobody_who_says_a_day_is_no_day():
    assert Calendar(()).find(CHAT) is None
    assert Calendar([record("2026-12-01", model="another")]).find(CHAT) is None


def test_a_source_is_asked_about_the_platform_and_the_model():
    calendar = Calendar(
        [record("2026-10-23"), record("2026-12-09", platform="azure_openai")]
    )

    here = calendar.find(CHAT)
    there = calendar.find(CHAT | {"platform": "azure_openai"})
    nowhere = calendar.find(CHAT | {"platform": "openai_compatible"})

    assert here.shutdown_on == date(2026, 10, 23)
    assert there.shutdown_on == date(2026, 12, 9)
    assert nowhere is None


def test_case_does_not_tell_models_apart():
    assert found(CHAT | {"model": "GPT-4o-2024-05-13"}, record("2026-10-23"))


@pytest.mark.parametrize("platform", ["azure_openai", "azure_ai"])
def test_azure_is_one_platform_under_two_names(platform: str):
    known = record("2026-12-09", platform="azure_ai")

    assert found(CHAT | {"platform": platform}, known)


def test_each_version_has_a_day_of_its_own():
    calendar = Calendar(
        [
            record("2026-12-09", platform="azure_openai"),
            record("2027-04-14", platform="azure_openai", model="gpt-4o-2024-08-06"),
            record("2026-03-31", platform="azure_openai", model="gpt-4o"),
        ]
    )

    retirement = calendar.find(
        {"platform": "azure_openai", "model": "gpt-4o", "model_version": "2024-08-06"}
    )

    assert retirement.shutdown_on == date(2027, 4, 14)
    assert not retirement.disputed


def test_what_is_said_of_the_name_alone_is_told_as_such():
    retirement = found(
        {"platform": "azure_openai", "model": "gpt-4o", "model_version": "2024-11-20"},
        record("2026-12-09", platform="azure_openai", model="gpt-4o"),
    )

    assert [one.of_name for one in retirement.records] == [True]


def test_a_version_of_vertex_is_joined_as_vertex_does():
    binding = {
        "platform": "vertex",
        "model": "claude-3-haiku",
        "model_version": "20240307",
    }

    assert found(
        binding,
        record("2026-08-23", platform="vertex", model="claude-3-haiku@20240307"),
    )


def test_a_region_has_a_day_of_its_own():
    calendar = Calendar([record("2026-12-01", region="eu-west-1")])

    assert calendar.find(CHAT) is None
    assert calendar.find(CHAT | {"target": {"region": "us-east-1"}}) is None
    assert calendar.find(CHAT | {"target": {"region": "eu-west-1"}}) is not None


def test_the_document_counts_before_any_other_and_the_difference_is_told():
    retirement = found(CHAT | {"lifecycle": OWN}, record("2026-10-23"))

    assert retirement.shutdown_on == date(2027, 4, 14)
    assert retirement.by == DOCUMENT
    assert retirement.firm is True
    assert retirement.disputed
    assert [one.source for one in retirement.records] == [DOCUMENT, "a list"]


def test_sources_that_disagree_are_shown_and_the_earliest_counts():
    retirement = found(
        CHAT,
        record("2027-01-01", source="one"),
        record("2026-12-01", source="two"),
        record("2027-01-01", source="three"),
    )

    assert retirement.disputed
    assert (retirement.shutdown_on, retirement.by) == (date(2026, 12, 1), "two")
    assert len(retirement.records) == 3


def test_sources_that_agree_are_not_a_dispute():
    retirement = found(
        CHAT, record("2026-12-01", source="one"), record("2026-12-01", source="two")
    )

    assert not retirement.disputed


def test_a_replacement_is_taken_from_whoever_names_one():
    retirement = found(
        CHAT,
        record("2026-12-01", source="one"),
        record("2026-12-02", source="two", replacement="gpt-5"),
    )

    assert retirement.replacement == "gpt-5"


def test_a_source_that_says_the_same_twice_is_shown_once():
    assert len(found(CHAT, record("2026-12-01"), record("2026-12-01")).records) == 1


@pytest.mark.parametrize(
    ("day", "days", "is_near"),
    [
        ("2026-11-23", 0, True),
        ("2026-11-24", 0, False),
        ("2027-02-21", 90, True),
        ("2027-02-22", 90, False),
        ("2025-01-01", 90, True),
    ],
)
def test_near_is_at_most_so_many_days_away_or_over(day: str, days: int, is_near: bool):
    binding = CHAT | {"lifecycle": OWN | {"shutdown_on": day}}

    near_day = near(binding, TODAY, days=days)

    assert near_day == (date.fromisoformat(day) if is_near else None)


@pytest.mark.parametrize(
    "binding",
    [
        {},
        CHAT,
        CHAT | {"lifecycle": {"status": "active"}},
        CHAT | {"lifecycle": "soon"},
    ],
)
def test_a_document_that_says_no_day_is_near_none(binding):
    assert near(binding, TODAY, days=10_000) is None


anything = st.recursive(
    st.none() | st.booleans() | st.text(max_size=12) | st.dates().map(str),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["lifecycle", "shutdown_on", "target", "region", "model"]),
            inner,
        )
    ),
)


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from([*CHAT, "lifecycle", "target"]), anything))
def test_any_document_can_be_looked_up(binding):
    calendar = Calendar([record("2026-12-01")])

    retirement = calendar.find(binding)

    assert near(binding, TODAY) is None or retirement is not None


def test_the_packaged_list_is_read_without_the_network():
    pytest.importorskip("llm_sunset", reason="the extra `retirements` is not installed")

    (source,) = read_sources(())

    assert source.name.startswith("llm-sunset ")
    assert len(source.records) > 400
    assert all(one.checked_on for one in source.records)


def named(path: Path):
    *_, source = read_sources([path])
    return source


@needs_data
def test_a_list_of_deprecations_info_is_read_whole():
    counts = Counter(one.platform for one in named(SUNSET).records)

    assert counts == {
        "openai": 152,
        "azure_openai": 127,
        "gemini": 64,
        "groq": 39,
        "anthropic": 20,
        "vertex": 8,
        "cohere": 7,  # the others have no day yet
        "xai": 5,
    }


@needs_data
def test_another_list_of_that_form_has_bedrock_as_well():
    source = named(RSS)

    assert source.name == RSS.name
    assert sum(one.platform == "bedrock" for one in source.records) == 17


@needs_data
def test_a_map_of_prices_is_read_by_platform_and_region():
    records = named(LITELLM).records
    fetched = datetime.fromtimestamp(LITELLM.stat().st_mtime, UTC).date()

    known = {(one.platform, one.region, one.model) for one in records}

    assert len(records) > 800
    assert ("azure_openai", None, "gpt-4o-2024-08-06") in known
    assert ("gemini", None, "gemini-2.5-flash-image") in known
    assert ("vertex", None, "claude-3-haiku@20240307") in known
    assert ("bedrock", "us-east-1", "meta.llama3-8b-instruct-v1:0") in known
    assert ("together_ai", None, "Qwen/QwQ-32B") in known
    assert not any("-x-" in model for _, _, model in known)
    assert {one.checked_on for one in records} == {fetched}


@needs_data
def test_the_sources_agree_far_more_often_than_not():
    """By platform and name; and where they do not, both are shown."""
    calendar = read_calendar([SUNSET, LITELLM])
    models = {(one.platform, one.model) for one in named(SUNSET).records}
    found = [calendar.find({"platform": p, "model": m}) for p, m in sorted(models)]

    both = [one for one in found if LITELLM.name in {r.source for r in one.records}]

    disputed = sum(one.disputed for one in both)
    assert len(both) > 150
    assert 0 < disputed < len(both) / 10


@needs_data
def test_a_version_of_azure_is_not_shut_down_with_its_name():
    chat = {"platform": "azure_openai", "model": "gpt-4o"}
    calendar = read_calendar([SUNSET, LITELLM])

    may = calendar.find(chat | {"model_version": "2024-05-13"})
    august = calendar.find(chat | {"model_version": "2024-08-06"})
    unknown = calendar.find(chat | {"model_version": "2030-01-01"})

    assert may.shutdown_on == date(2026, 12, 9)
    assert august.shutdown_on == date(2027, 4, 14)
    assert unknown.disputed
    assert all(one.of_name for one in unknown.records)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[",
        "[" * 100_000,
        "3",
        "null",
        "[]",
        "{}",
        '[{"provider": "OpenAI", "model_id": "a", "shutdown_date": "soon"}]',
        '[{"provider": "Nobody", "model_id": "a", "shutdown_date": "2027-01-01"}]',
        '[{"provider": ["OpenAI"], "model_id": {}, "shutdown_date": 20270101}]',
        '{"a": {"deprecation_date": "2027-01-01", "litellm_provider": ["openai"]}}',
        '{"a": 7, "b": null}',
    ],
)
def test_a_file_that_says_nothing_is_refused_and_not_passed_over(
    tmp_path: Path, text: str
):
    path = tmp_path / "list.json"
    path.write_text(text)

    with pytest.raises(Invalid, match=r"list\.json"):
        read_calendar([path])


def test_a_record_that_makes_no_sense_does_not_spoil_the_others(tmp_path: Path):
    path = tmp_path / "list.json"
    good = {"provider": "OpenAI", "model_id": "a", "shutdown_date": "2027-01-01"}
    path.write_text(json.dumps([7, None, {}, {**good, "model_id": "x" * 400}, good]))

    (known,) = named(path).records

    assert known.model == "a"
    assert known.checked_on is None


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path: Path):
    path = tmp_path / "list.json"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 33 * 2**20)

    with pytest.raises(Invalid, match="more than"):
        read_calendar([path])


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(FileNotFoundError):
        read_calendar([Path("/nowhere/list.json")])
