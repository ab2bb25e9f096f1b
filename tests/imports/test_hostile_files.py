"""Files that somebody wrote to do harm: refused with a sentence, or only text."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from registry.documents import parse
from registry.errors import Invalid, RegistryError, TooLarge
from registry.imports import Asked, Format, Imported, detect, name_from, read
from registry.names import check_name
from tests.imports.tried import bring, said, told, value_of

BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
)
OF_YAML = [
    Format.PROMPT_YML,
    Format.LITELLM_CATEGORY,
    Format.LITELLM_PROXY,
    Format.LITELLM_PATTERNS,
    Format.NEMO,
]


@pytest.mark.parametrize("format", OF_YAML)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (BOMB, "an anchor or an alias"),
        ("a: !!python/object/apply:os.system [id]", "is a tag"),
        ("a: !env HOME", "is a tag"),
        ("<<: {a: 1}", "twice or merges"),
        ("a: 1\na: 2", "given twice"),
        ("[" * 5_000, "deep"),
        ("- " * 5_000 + "x", "deep"),
        ("? [a]\n: b", "a key that is not text"),
        ("a: b\n---\nc: d", "more than one YAML document"),
        ("a: 'b", "not YAML"),
        ("- " + "[1]," * 60_000, ""),
        ("just text", "no mapping"),
    ],
)
def test_yaml_that_refers_constructs_or_overflows_is_refused(format, text, reason):
    with pytest.raises(Invalid) as refused:
        bring(text, format)

    if format is not Format.LITELLM_PATTERNS:
        assert reason in str(refused.value)
    assert refused.value.hint


@pytest.mark.parametrize(
    "text",
    ['{"patterns": ' + "[" * 100_000, '{"a": 1, "a": 2}', '{"patterns": NaN}', "{"],
)
def test_json_that_is_none_is_refused(text):
    with pytest.raises(Invalid):
        bring(text, Format.LITELLM_PATTERNS)


@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x" * 10_000_000, "10,000,000 bytes"),
        (b"a\n\0b", "line 2 has the character NUL"),
        ("caf\u00e9".encode("latin-1"), "not UTF-8"),
        ("caf\u00e9".encode("utf-16"), "not UTF-8"),
        (b"", "the file is empty"),
        (b" \n\t", "the file is empty"),
    ],
)
def test_bytes_that_are_no_text_are_refused_in_every_format(format, data, reason):
    with pytest.raises(Invalid, match=reason):
        bring(data, format)


def test_what_is_too_large_is_not_read_at_all():
    with pytest.raises(TooLarge):
        detect("a.yaml", b"[" * 10_000_000)


@pytest.mark.parametrize("format", [Format.PROMPTY, Format.DOTPROMPT])
def test_frontmatter_without_an_end_is_refused(format):
    with pytest.raises(Invalid, match="never ends"):
        bring("---\nmodel: x\nHi", format)


@pytest.mark.parametrize("format", [Format.PROMPTY, Format.DOTPROMPT])
def test_frontmatter_is_read_as_strictly_as_yaml(format):
    with pytest.raises(Invalid, match="an anchor or an alias"):
        bring(f"---\n{BOMB}---\nHi", format)


def test_a_byte_order_mark_is_left_out():
    made = bring("\ufeff---\n---\nHi", Format.DOTPROMPT)

    assert said(made) == [("user", "Hi")]


def test_ends_of_lines_become_ours_and_that_is_told():
    made = bring(b"---\r\nmodel: x\r\n---\r\na\r\nb\rc", Format.DOTPROMPT)

    assert said(made) == [("user", "a\nb\nc")]
    assert "Lines that ended with CRLF or CR" in told(made)


@pytest.mark.parametrize(
    "text",
    [
        "{{> fragments/acme/tone }}",
        '{{ "{{" }}',
        "{{ secrets }}",
        "{% raw %}{{ a }}{% endraw %}",
        "{{{{{{",
        "}} {{> x",
        "---\nkind: bot\n---",
        "${env:HOME} ${file:/etc/passwd} os.environ/HOME",
    ],
)
def test_text_that_looks_like_something_is_text(text):
    made = bring(f"Say {text}", Format.TEXT)

    assert said(made) == [("system", f"Say {text}")]


@pytest.mark.parametrize("hidden", ["\u202etxt", "a\u200bb", "\U000e0041", "\x1b[2J"])
def test_a_file_with_hidden_text_is_refused(hidden):
    with pytest.raises(Invalid, match="hidden text"):
        bring(f"Say {hidden}", Format.TEXT)


def test_what_a_file_says_of_itself_does_not_name_the_document():
    made = bring("---\nname: ../../etc/passwd\n---\nHi", Format.DOTPROMPT)

    ((ref, _),) = made.documents
    assert ref == "prompts/acme/imported"
    assert value_of(made)["owner"] == "product"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Refund Policy.prompty", "refund-policy"),
        ("FunPlugin/Joke/skprompt.txt", "funplugin/joke"),
        ("a/b/config.yml", "a/b"),
        ("skprompt.txt", "skprompt"),
        ("../../etc/passwd.txt", "etc/passwd"),
        ("head.prompt", "head-imported"),
        ("été.md", "ete"),
        ("....txt", "imported"),
        ("\u4f60\u597d.md", "imported"),
        ("a/b/c/d/e/f/g/h.prompt.yml", "c/d/e/f/g/h"),
    ],
)
def test_a_name_is_made_of_a_path(path, name):
    assert name_from(path) == name


@given(st.text(max_size=300))
def test_every_path_gives_a_name_that_is_allowed(path):
    name = name_from(path)

    assert check_name(name) == name


PIECES = st.sampled_from(
    [
        *("{{", "}}", "{%", "%}", "{#", "#}", "---\n", "\n", "a", " ", "~", "-", "!"),
        *("if a", "#if a", "/if", "else", "endif", "for a in b", "endfor", "#each b"),
        *("system:\n", 'role "user"', "$a", '"', "'", "\\", "{", "}", ": ", "- ", "["),
        *("a: b\n", "messages:\n", "history", "> x", "&", "*", "@root.a", "this", "."),
        *("category_name: x\n", "keywords: [a]\n", "patterns: [{pattern: '(a'}]\n"),
    ]
)


@pytest.mark.parametrize("format", Format)
@given(pieces=st.lists(PIECES, max_size=30))
def test_any_text_is_refused_by_us_or_becomes_a_document(format, pieces):
    made = outcome("".join(pieces), format)

    if made is not None:
        for ref, text in made.documents:
            assert parse(text.encode()).ref == ref
            assert yaml.safe_load(text)["owner"] == "product"


@pytest.mark.parametrize("format", Format)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_refused_by_us_or_become_a_document(format, data):
    asked = Asked(name="a/b", owner="product", version="0.1.0")
    try:
        read(data, asked, format)
    except RegistryError as error:
        assert error.hint  # noqa: PT017 (whichever way it ends)


def outcome(text: str, format: Format) -> Imported | None:
    try:
        return bring(text, format)
    except RegistryError:
        return None


@pytest.mark.slow
@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize(
    "text",
    [
        "{{" * 100_000,
        "{{a" * 60_000,
        "{{#if a}}" * 20_000,
        "{% if a %}" * 20_000,
        "{%for a in b%}" * 15_000,
        "\n" * 200_000 + "x",
        " " * 200_000 + "x",
        "---\n" + "#\n" * 100_000,
        "system:\n" * 25_000 + "x",
        "{{!--" * 40_000,
        "{{~" * 80_000 + "x",
        '{{"' * 80_000,
        "(" * 200_000,
        "a" * 200_000 + "{{a}}" * 1_000,
    ],
)
def test_no_text_of_the_largest_size_keeps_a_reader_busy(format, text):
    """What takes the square of its length would not end here: 10 ** 10 steps."""
    made = outcome(text, format)

    assert made is None or made.documents
