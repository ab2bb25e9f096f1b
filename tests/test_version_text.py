"""Setting a version in a text: `registry/version_text.py`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import yaml_text
from registry.errors import Invalid
from registry.version_text import with_version


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('version: "1.0.0"\nname: a\n', 'version: "2.0.0"\nname: a\n'),
        ("version: '1.0.0' # mine\n", "version: '2.0.0' # mine\n"),
        ("version: 1.0.0\n", 'version: "2.0.0"\n'),
        ('version:   "1.0.0"\r\nname: a\r\n', 'version:   "2.0.0"\r\nname: a\r\n'),
        ('{"version": "1.0.0", "a": 1}', '{"version": "2.0.0", "a": 1}'),
        ('version:\n  "1.0.0"\n', 'version:\n  "2.0.0"\n'),
        ('"version": "1.0.0"\n', '"version": "2.0.0"\n'),
        (
            'inner: {version: "1.0.0"}\nlist: [version, "1.0.0"]\nversion: "1.0.0"\n',
            'inner: {version: "1.0.0"}\nlist: [version, "1.0.0"]\nversion: "2.0.0"\n',
        ),
        (
            'text: |\n  version: "1.0.0"\nversion: "1.0.0"\n',
            'text: |\n  version: "1.0.0"\nversion: "2.0.0"\n',
        ),
        ('a: version\nversion: "1.0.0"\n', 'a: version\nversion: "2.0.0"\n'),
        ('text: "ä 🙂 日本"\nversion: "1.0.0"', 'text: "ä 🙂 日本"\nversion: "2.0.0"'),
    ],
)
def test_nothing_but_the_version_is_touched(before, after):
    assert with_version(before.encode(), "2.0.0") == after.encode()


@pytest.mark.parametrize(
    "source", ["name: a\n", "- version\n- a\n", "inner: {version: a}\n", "", "a: [\n"]
)
def test_a_text_without_a_version_is_refused(source):
    with pytest.raises(Invalid):
        with_version(source.encode(), "2.0.0")


@given(
    words=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=30),
    first=st.booleans(),
)
def test_whatever_stands_around_it_stays(words, first):
    quoted = "'" + words.replace("'", "''") + "'"
    lines = [f"text: {quoted} # {words!a}", 'version: "1.0.0"']
    source = "\n".join(lines if first else lines[::-1]).encode()
    if yaml_text.parse(source).findings:
        return

    made = with_version(source, "10.20.30")

    assert made.replace(b'"10.20.30"', b'"1.0.0"') == source
