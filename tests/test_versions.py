"""The rules at the top of `registry/versions.py`, one test each."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semver import Version

from registry.errors import Invalid
from registry.versions import allows, check_range, compare, higher, parse_version

numbers = st.integers(0, 30)
prereleases = st.sampled_from(["", "-rc.1", "-rc.2", "-alpha", "-0"])
versions = st.builds(
    lambda major, minor, patch, pre: f"{major}.{minor}.{patch}{pre}",
    *(numbers, numbers, numbers, prereleases),
)
releases = versions.map(lambda version: version.partition("-")[0])
partial = st.one_of(
    versions,
    st.builds("{}.{}".format, numbers, numbers),
    numbers.map(str),
)
signs = st.sampled_from(["^", "~", ">=", ">", "<=", "<"])
conditions = st.one_of(st.builds("{}{}".format, signs, partial), versions)
ranges = st.lists(conditions, min_size=1, max_size=3).map(" ".join)


@pytest.mark.parametrize(
    "text",
    [
        *("v1.0.0", "1.0", "1", "", "01.0.0", "1.0.0+build", "1.0.0-", "1.0.0-01"),
        *(" 1.0.0", "1.0.0\n", "1.1٣.0", "1.0.0-é", "x", "1.0.0.0", "-1.0.0"),
        *("9" * 5_000 + ".0.0", "1.0.0-" + "a" * 100_000, "1234567890.0.0"),
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_what_is_no_plain_semantic_version_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_version(text)


def test_a_version_may_have_64_characters() -> None:
    text = "1.0.0-" + "a" * 58

    assert str(parse_version(text)) == text


def test_a_release_is_higher_than_its_prereleases() -> None:
    assert higher("1.0.0", "1.0.0-rc.1")
    assert not higher("1.0.0-rc.1", "1.0.0")


def test_numbers_are_compared_as_numbers() -> None:
    assert higher("1.10.0", "1.9.0")


@given(versions, versions, versions)
def test_versions_are_in_one_total_order(a: str, b: str, c: str) -> None:
    assert compare(a, b) == -compare(b, a)
    assert compare(a, a) == 0
    if higher(a, b) and higher(b, c):
        assert higher(a, c)
    assert compare(a, b) == Version.parse(a).compare(b)


@given(st.text())
def test_nothing_but_our_error_comes_out_for_any_text(text: str) -> None:
    for function in (parse_version, check_range):
        with suppress(Invalid):
            function(text)


@pytest.mark.parametrize(
    ("range_", "inside", "outside"),
    [
        ("1.2.3", "1.2.3", "1.2.4"),
        ("^1.2.3", "1.9.0", "2.0.0"),
        ("^1.2.3", "1.2.3", "1.2.2"),
        ("^2.1", "2.1.0", "2.0.9"),
        ("^2", "2.9.9", "3.0.0"),
        ("^0.2.3", "0.2.9", "0.3.0"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^0.0", "0.0.9", "0.1.0"),
        ("^0", "0.9.0", "1.0.0"),
        ("~1.2.3", "1.2.9", "1.3.0"),
        ("~1.2", "1.2.0", "1.3.0"),
        ("~1", "1.9.0", "2.0.0"),
        (">=1.2", "1.2.0", "1.1.9"),
        (">1.2", "1.3.0", "1.2.9"),
        (">1.2.3", "1.2.4", "1.2.3"),
        ("<=1.2", "1.2.9", "1.3.0"),
        ("<=1.2.3", "1.2.3", "1.2.4"),
        ("<2", "1.9.9", "2.0.0"),
        (">=1.2 <2", "1.5.0", "2.0.0"),
    ],
)
def test_a_range_allows_what_is_inside_and_nothing_outside(
    range_: str, inside: str, outside: str
) -> None:
    assert allows(range_, inside)
    assert not allows(range_, outside)


def test_a_prerelease_fits_only_a_range_that_names_one_of_its_release() -> None:
    assert allows("^2.0.0-rc.1", "2.0.0-rc.2")
    assert allows("^2.0.0-rc.1", "2.1.0")
    assert not allows("^2.0.0-rc.1", "2.1.0-rc.1")
    assert not allows(">=1.0.0", "2.0.0-rc.1")
    assert not allows("<2", "2.0.0-rc.1")


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "*", "1.2", "1.x", "latest", "^", "^v1", "1.0.0 || 2.0.0", ">= 1"),
        *("1.0.0  <2", " 1.0.0", "1.0.0 ", "=1.0.0", "1.0.0 - 2.0.0", "^1.2-rc.1"),
        *("^1.0.0+build", "^٣", ">=1 " * 60, "^1.0.0-01", "^" + "9" * 100),
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_what_is_no_range_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_range(text)

    assert refused.value.hint != Invalid.hint


def test_a_bare_part_of_a_version_is_refused_with_what_to_write() -> None:
    with pytest.raises(Invalid) as refused:
        check_range("1.2")

    assert "~1.2" in refused.value.hint


@given(versions, versions)
def test_an_exact_range_allows_that_version_alone(a: str, b: str) -> None:
    assert allows(a, a)
    assert allows(a, b) == (a == b)


@given(versions)
def test_caret_and_tilde_allow_the_version_that_they_name(version: str) -> None:
    assert allows(f"^{version}", version)
    assert allows(f"~{version}", version)


@given(releases, releases)
def test_tilde_is_never_wider_than_caret_from_1_0_0_on(a: str, b: str) -> None:
    if higher(a, "0.99.99"):
        assert allows(f"^{a}", b) or not allows(f"~{a}", b)


@given(releases, releases)
def test_caret_never_leaves_the_major_version(a: str, b: str) -> None:
    if allows(f"^{a}", b):
        assert a.partition(".")[0] == b.partition(".")[0]


@given(partial, releases)
def test_opposite_signs_divide_all_releases_between_them(part: str, each: str) -> None:
    assert allows(f">{part}", each) != allows(f"<={part}", each)
    assert allows(f"<{part}", each) != allows(f">={part}", each)


@given(ranges, ranges, versions)
def test_joining_conditions_only_narrows(a: str, b: str, version: str) -> None:
    if allows(f"{a} {b}", version) and "-" not in version:
        assert allows(a, version)
        assert allows(b, version)
