"""The pages of a pack: what somebody wrote is text in them, and nothing more."""

import re
from html.parser import HTMLParser

import pytest

from registry.changes import ChangeType
from registry.evidence_packs.history import History
from registry.evidence_packs.html import html
from registry.evidence_packs.markdown import markdown
from registry.evidence_packs.report import (
    Difference,
    Pairs,
    Paragraph,
    Passage,
    Report,
    section,
    table,
)
from tests.evidence_packs.conftest import Pack
from tests.evidence_packs.story import HOSTILE_TITLE

QUESTIONS = [
    ("8",),
    ("2",),
    ("--environment", "production", "--at", "2026-06-20"),
    ("--from", "2026-05-04", "--to", "2026-07-01"),
]
OURS = {
    *("html", "head", "meta", "title", "style", "body", "header", "nav", "ol", "li"),
    *("a", "main", "section", "h1", "h2", "h3", "p", "dl", "dt", "dd", "div", "table"),
    *(
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "pre",
        "ins",
        "del",
        "i",
        "code",
        "span",
        "wbr",
    ),
}
BIDI = "pay \u202e000,1\u202c \u200bnow\x1b[2J"


class Tags(HTMLParser):
    """Every element of a page, with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def everywhere(text: str) -> Report:
    """A report that has *text* in every place that takes one."""
    return Report(
        title=text,
        about=text,
        sections=(
            section(
                text,
                Paragraph(text=text),
                Pairs(rows=((text, text),)),
                table("|".join("ab"), [(text, text)], text),
                table("a", [], text),
                Passage(caption=text, text=text),
                Difference(caption=text, lines=(f"+{text}", f"-{text}", f" {text}")),
            ),
        ),
    )


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_page_has_our_elements_alone_and_loads_nothing(question, packs: Pack):
    tags = Tags((packs(*question) / "evidence.html").read_text()).found

    assert {tag for tag, _ in tags} <= OURS
    for tag, attributes in tags:
        assert set(attributes) <= {
            *("lang", "dir", "charset", "http-equiv", "content", "name", "class"),
            *("href", "id", "scope"),
        }
        assert tag == "a" or "href" not in attributes
        assert str(attributes.get("href", "#part-1")).startswith("#part-")


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE_TITLE,
        "</pre></td></style></title><script>alert(1)</script>",
        "\" onmouseover='alert(1)' x=\"",
        "<!-- --> ]]> &#60;script&#62;",
    ],
)
def test_hostile_text_is_no_markup_anywhere_in_html(text: str):
    page = Tags(html(everywhere(text)))

    assert {tag for tag, _ in page.found} <= OURS
    assert page.text.count(text) >= 10
    assert not any(name.startswith("on") for _, a in page.found for name in a)


def test_a_page_forbids_whatever_it_does_not_need(packs: Pack):
    page = (packs("8") / "evidence.html").read_text()

    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert page.index("Content-Security-Policy") < page.index("<title>")


def test_what_hides_is_written_out_on_both_pages():
    for page in (html(everywhere(BIDI)), markdown(everywhere(BIDI))):
        assert not set(page) & set("\u202e\u202c\u200b\x1b")
        assert "U+202E" in page


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE_TITLE,
        "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
        "a | b\n\n# Heading\n\n- item",
        "<img src=x onerror=alert(1)> http://evil.example www.evil.example",
        "*bold* _soft_ ~~gone~~ `code` \\",
    ],
)
def test_hostile_text_is_no_markup_in_markdown(text: str):
    page = markdown(everywhere(text))

    outside = re.sub(r"^(`{3,})\w*\n.*?^\1$", "", page, flags=re.M | re.S)
    assert "<" not in outside
    assert not re.search(r"(?<!\\)\[|\w://|(?<=www)\.|@", outside)
    plain = outside.replace("**", "")
    assert not re.search(r"(?<!\\)[*`~_]", plain.replace("\\\\", ""))
    assert outside.count("\n## ") == 1
    rows = [line for line in outside.splitlines() if line.startswith("|")]
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row.replace("\\\\", ""))) == 3, row


def test_a_text_cannot_end_its_fence():
    text = "a\n```\n`````\n# out\n"

    page = markdown(everywhere(text))

    assert "``````yaml\na\n```\n`````\n# out\n``````\n" in page


@pytest.mark.parametrize("text", ["1. one", "- item", "# head", "+ plus", "=== x"])
def test_a_paragraph_does_not_begin_as_something_else(text: str):
    page = markdown(everywhere(text))

    assert not re.search(rf"^{re.escape(text)}$", page.split("**")[0], flags=re.M)


def test_the_exact_bytes_of_a_hostile_text_are_in_the_folder(packs: Pack):
    texts = [path.read_bytes() for path in (packs("8") / "texts").iterdir()]

    assert any(b"</pre></td><script>alert(2)</script>" in text for text in texts)


def test_what_is_affected_and_reads_the_same_itself_is_not_shown_as_different(
    packs: Pack,
):
    page = (packs("2") / "evidence.md").read_text()

    rows = [line for line in page.splitlines() if line.startswith("| bots/acme/supp")]
    assert rows
    assert all("the same; what it uses differs" in row for row in rows)


def test_of_a_bot_that_is_resumed_nothing_is_said_to_differ(
    packs: Pack, history: History
):
    changes = history.state.changes.values()
    (resumed,) = (one for one in changes if one.type is ChangeType.RESUME)

    page = (packs(str(resumed.id)) / "evidence.md").read_text()

    assert "| the same |" in page
    assert "what it uses differs" not in page


def test_a_name_is_broken_at_its_slashes_alone():
    shown = html(everywhere("prompts/acme/refunds at 2026-05-04 12:00:00 UTC"))

    name = "<span>prompts/</span><wbr><span>acme/</span><wbr><span>refunds</span>"
    assert f"{name} at <span>2026-05-04</span> <span>12:00:00 UTC</span>" in shown


def test_the_pages_say_that_nobody_has_signed_them(packs: Pack):
    for name in ("evidence.md", "evidence.html"):
        assert "nobody has signed this page" in (packs("2") / name).read_text()
