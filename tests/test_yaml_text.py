"""The rules at the top of `registry/yaml_text.py`, one test each."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import Invalid
from registry.values import Json
from registry.yaml_dump import dump
from registry.yaml_text import Reading, parse

FABRIC = Path(__file__).parents[2] / "shared" / "data" / "fabric" / "patterns"

awkward = st.text(
    st.sampled_from("ab \n\t\r:#-{}[]'\"|>\u2028\u0085\ufeff,&*!%@`?~0\\")
)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
texts = texts | awkward
keys = texts.filter(lambda key: len(key) <= 128)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=15,
)
mappings = st.dictionaries(keys, values, max_size=5)
yaml_like = st.text(st.sampled_from("ab \n\t\r:#-{}[]'\"|>,&*!%@`?~0.\\")).map(
    str.encode
)


def messages(reading: Reading) -> str:
    return "\n".join(map(str, reading.findings))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(mappings)
def test_what_is_dumped_reads_back_as_the_same_value(value: dict[str, Json]) -> None:
    reading = parse(dump(value))

    assert reading.findings == ()
    assert reading.value == value


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(mappings)
def test_the_same_value_is_always_dumped_alike(value: dict[str, Json]) -> None:
    read = parse(dump(value)).value

    assert isinstance(read, dict)
    assert dump(read) == dump(value)


@settings(max_examples=500, deadline=None)
@given(st.binary() | yaml_like)
def test_any_bytes_are_read_or_have_a_finding(source: bytes) -> None:
    reading = parse(source)

    assert reading.whole or reading.findings
    assert all(finding.message and finding.hint for finding in reading.findings)


@pytest.mark.parametrize(
    "text",
    [
        *("a\r\nb", "a\rb", "line  \nwith\t\n  trailing \n", "\n\n", "a\n\n\n", "\na"),
        *(" a\nb", "\ta\nb", "a\n \n", "\x1b[31mred", "a\u2028b\nc", "\ufeffa", "# a"),
        *("- a", "a: b", "no", "1.10", "2027-05-01", "---\na", "x" * 200_000),
        *("long line\n" * 20_000, "\\", '"', "'", "é\n日本\n👩‍👩‍👧\n", "{{ a }}\n"),
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_awkward_texts_survive_exactly(text: str) -> None:
    assert parse(dump({"a": [{"b": text}]})).value == {"a": [{"b": text}]}


def test_text_of_several_lines_is_dumped_as_a_block() -> None:
    assert dump({"a": "x\ny\n", "b": [{"c": "x\n\ny"}]}) == (
        b"a: |\n  x\n  y\nb:\n  - c: |-\n      x\n\n      y\n"
    )


def test_text_that_could_be_taken_for_something_else_is_dumped_in_quotes() -> None:
    assert dump({"a": "no", "b": "1.0", "c": "yes, it is"}) == (
        b'a: "no"\nb: "1.0"\nc: yes, it is\n'
    )


@pytest.mark.parametrize(
    "value",
    [
        {"a": "\0"},
        {"a": "\ud800"},
        {"a": 2**53},
        {"a": float("nan")},
        {"a": float("inf")},
        {"k" * 129: 1},
        {"a": [1] * 20_001},
    ],
)
def test_what_a_document_cannot_hold_is_not_dumped(value: dict[str, Json]) -> None:
    with pytest.raises(Invalid):
        dump(value)


@pytest.mark.parametrize("innermost", [{}, {"a": 1}, [], [1]])
def test_what_is_too_deep_to_read_is_too_deep_to_dump(innermost: Json) -> None:
    deep: dict[str, Json] = {"a": innermost}
    for _ in range(30):
        deep = {"a": deep}

    assert parse(dump(deep)).value == deep
    with pytest.raises(Invalid):
        dump({"a": deep})
    assert "levels" in messages(parse(("{a: " * 33 + "}" * 33).encode()))


@pytest.mark.skipif(not FABRIC.is_dir(), reason="the shared data is not here")
def test_real_prompts_survive_exactly() -> None:
    real = [path.read_bytes().decode() for path in sorted(FABRIC.glob("*/system.md"))]

    assert len(real) > 200
    for text in real:
        assert parse(dump({"a": [{"b": text}]})).value == {"a": [{"b": text}]}


def test_json_values_mean_what_they_mean_in_json() -> None:
    source = b"a: true\nb: null\nc: -1.5e3\nd: 12\ne: [x, {}]\nf: 1.0.0\n"

    assert parse(source).value == {
        "a": True,
        "b": None,
        "c": -1500.0,
        "d": 12,
        "e": ["x", {}],
        "f": "1.0.0",
    }


@pytest.mark.parametrize(
    "plain",
    [
        *("no", "Yes", "ON", "off", "y", "N", "True", "FALSE", "~", "Null", "NULL"),
        *("012", "0o17", "0x1F", "0b1", "1_000", "+1", "-012", "1.", ".5", "-.5"),
        *("12:30", "1:20:30", "190:20:30.15", ".inf", "-.INF", ".nan", "=", "<<"),
        *("2027-05-01", "2027-5-1", "2027-05-01T10:00:00Z", "2027-05-01 10:00:00 +1"),
    ],
)
def test_what_readers_take_for_different_things_needs_quotes(plain: str) -> None:
    reading = parse(f"a: {plain}\nb: [{plain}]\n".encode())

    assert [finding.where for finding in reading.findings] == ["/a", "/b/0"]
    for finding in reading.findings:
        assert f'Put quotes around it: "{plain}".' in finding.hint
    assert parse(f'a: "{plain}"'.encode()).value == {"a": plain}


@pytest.mark.parametrize("key", ["no", "1", "1.5", "true", "null", "~", "<<", "12:30"])
def test_a_key_that_is_not_surely_text_needs_quotes(key: str) -> None:
    (finding,) = parse(f"{key}: x".encode()).findings

    assert f'Put quotes around it: "{key}".' in finding.hint
    assert parse(f'"{key}": x'.encode()).value == {key: "x"}


def test_a_key_without_a_value_is_told() -> None:
    assert "there is no value here" in messages(parse(b"a:\nb: 1\n"))


@pytest.mark.parametrize(
    "number",
    ["9007199254740992", "1e999", "-" + "9" * 5_000],
    ids=lambda number: number[:20],
)
def test_numbers_that_json_does_not_keep_are_refused(number: str) -> None:
    assert "too large for JSON" in messages(parse(f"a: {number}".encode()))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"a: &x 1\n", "`&x` names a value"),
        (b"&x a: 1\n", "`&x` names a value"),
        (b"a: &x [1]\n", "`&x` names a value"),
        (b"a: [&x 1, *x]\n", "`*x` refers to another value"),
        (b"a: !!str 1\n", "`!!str` is a tag"),
        (b"a: ! 1\n", "`!` is a tag"),
        (b"a: !!python/object:os.system {}\n", "is a tag"),
        (b"a: 1\n---\nb: 2\n", "a second document"),
        (b"%YAML 1.1\n---\na: 1\n", "begins with `%`"),
        (b"%TAG ! tag:x,2000:\n---\na: 1\n", "begins with `%`"),
        (b"a: 1\nb: 2\na: 3\n", "'a' is given on line 1 already"),
        (b"{a: 1, a: 2}", "'a' is given on line 1 already"),
        (b"? [a]\n: 1\n", "a key that is not text"),
        (b"a: {{ name }}\n", "a key that is not text"),
        (b"k" * 129 + b": 1", "cannot be a key"),
        (b'"\\0": 1', "cannot be a key"),
        (b'a: "\\0"', "NUL"),
        (b"a: \x00", "NUL"),
        (b"\xef\xbb\xbfa: 1", "byte order mark"),
        (b"a: \xff", "not UTF-8"),
        (b"a: \xed\xa0\x80", "not UTF-8"),
        (b'a: "\\ud800"', "a backslash that begins no escape"),
        ("a: x\u2028y".encode(), "U+2028"),
        ("a: x\u0085y".encode(), "U+0085"),
        (b"a: \x1b[31m", "U+001B"),
        (b"a: x\ry", "a carriage return that ends no line"),
        (b"", "the file is empty"),
        (b"# nothing\n", "the file is empty"),
        (b"a: b: c", "not YAML"),
        (b"\ta: 1", "not tabs"),
        (b"a: 'x", "never closed"),
        (b"a: [1", "never closed"),
        (b"a: @x", "cannot begin a value"),
        (b"a: 'it's'", "single quotes"),
        (b"a\nb: 1\n", "not YAML"),
    ],
)
def test_what_is_not_strict_yaml_is_told(source: bytes, message: str) -> None:
    reading = parse(source)

    assert message in messages(reading)


def test_windows_line_ends_are_line_ends() -> None:
    reading = parse(b"a: |\r\n  x\r\n  y\r\nb: no\r\n")

    assert reading.value == {"a": "x\ny\n", "b": "no"}
    assert reading.findings[0].line == 4


@pytest.mark.parametrize(
    "source",
    [
        *(b"[" * 200_000, b"{a: " * 50_000, b"- " * 100_000),
        b"\n".join(b" " * depth + b"-" for depth in range(600)),
    ],
    ids=lambda source: repr(source[:4]),
)
def test_deep_nesting_is_a_finding_and_nothing_worse(source: bytes) -> None:
    assert "more than 32 levels" in messages(parse(source))


def test_too_many_values_are_a_finding() -> None:
    source = b"[" + b"1," * 20_001 + b"]"

    assert "more than 20,000 values" in messages(parse(source))


def test_aliases_are_never_expanded() -> None:
    bomb = b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    for level in b"bcdefghi":
        name, before = chr(level), chr(level - 1)
        bomb += f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n".encode()

    reading = parse(bomb)

    assert len(reading.findings) == 9 + 8 * 9


def test_all_findings_are_told_not_the_first_alone() -> None:
    reading = parse(b"a: no\nb: &x 012\nc: {d: *x, d: 1}\n")

    assert [finding.line for finding in reading.findings] == [1, 2, 2, 3, 3]
