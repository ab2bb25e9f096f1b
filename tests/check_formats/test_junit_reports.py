"""JUnit's XML: what counts as a test, and what is refused before it is read."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.check_formats import Format, Told, read
from registry.check_results import CheckResult
from registry.errors import Invalid
from registry.names import Digest

TOLD = Told(
    name="unit",
    content=Digest("sha256:" + "1" * 64),
    source=None,
    threshold=None,
    link=None,
)
REPORT = b"""<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1"
  skipped="1" tests="5" time="0.231" hostname="ci">
  <testcase classname="tests.test_refunds" name="test_limit" time="0.001" />
  <testcase classname="tests.test_refunds" name="test_source[gold]" time="0.002">
    <failure
      message="AssertionError: assert &apos;24&apos; in &apos;48 hours&apos;"
    >def test_source():
E       AssertionError</failure></testcase>
  <testcase classname="tests.test_tone" name="test_calm">
    <error message="no connection"/></testcase>
  <testcase classname="tests.test_tone" name="test_later">
    <skipped type="pytest.skip" message="not yet"/></testcase>
  <testcase classname="tests.test_tone" name="test_kind">
    <system-out><![CDATA[said <b>kindly</b>]]></system-out></testcase>
</testsuite></testsuites>
"""
LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;">]>
<testsuite><testcase name="&lol2;"/></testsuite>"""
OUTSIDE = b"""<?xml version="1.0"?>
<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<testsuite><testcase name="a"><failure>&x;</failure></testcase></testsuite>"""


def result(data: bytes) -> CheckResult:
    return read(data, Format.JUNIT, TOLD).result


def test_failures_and_errors_fail_and_what_was_skipped_was_not_tried():
    found = result(REPORT)

    assert (found.total, found.failed, found.passed) == (4, 2, False)


def test_each_test_is_an_example_with_what_it_said():
    shown = {example.input: example for example in result(REPORT).examples}

    failed = shown["tests.test_refunds test_source[gold]"]
    assert failed.verdict == "fail"
    assert failed.after.startswith("AssertionError: assert '24' in '48 hours'\ndef ")
    assert shown["tests.test_tone test_calm"].after == "no connection"
    assert shown["tests.test_tone test_kind"].after == "said <b>kindly</b>"
    assert shown["tests.test_refunds test_limit"].after == "[passed]"


def test_a_suite_alone_is_read_as_well():
    found = result(b'<testsuite><testcase name="a"/></testsuite>')

    assert (found.total, found.passed) == (1, True)


def test_suites_within_suites_are_read():
    inner = b'<testsuite><testsuite><testcase name="a"/></testsuite></testsuite>'

    assert result(b"<testsuites>" + inner + b"</testsuites>").total == 1


@pytest.mark.parametrize("data", [LAUGHS, OUTSIDE])
def test_a_document_type_is_refused_before_it_is_read(data):
    with pytest.raises(Invalid, match="document type"):
        result(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"<testsuite>",
        b"<html/>",
        b"<testsuite/>",
        b"<report><testcase name='a'/></report>",
        b'<testsuite><testcase name="a"><skipped/></testcase></testsuite>',
        b"<testsuite>" + b"<a>" * 100 + b"</a>" * 100 + b"</testsuite>",
        b'<?xml version="1.0" encoding="martian"?><testsuite/>',
        b'<testsuite><testcase name="&undefined;"/></testsuite>',
        b"\xff\xfe<\x00",
    ],
    ids=lambda data: data[:24].decode("latin-1"),
)
def test_what_is_no_report_is_refused(data):
    with pytest.raises(Invalid) as refused:
        result(data)

    assert refused.value.hint


def test_a_very_long_failure_is_cut():
    long = b"x" * 5_000_000
    data = b'<testsuite><testcase name="a"><failure>' + long
    data += b"</failure></testcase></testsuite>"

    (example,) = result(data).examples

    assert len(example.after) == 4_000
    assert example.after.endswith("[...]")


@given(st.binary(max_size=200) | st.text("<>/testsuicae &;!\"'=", max_size=200))
def test_nothing_but_a_result_or_a_refusal_comes_of_any_bytes(data):
    with suppress(Invalid):
        result(data.encode() if isinstance(data, str) else data)
