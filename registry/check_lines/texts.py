"""What is wrong with each edited text alone: schema, hidden text, secrets.

The texts are read as if they were proposed now: the rules may have become stricter
since they were.
"""

from collections.abc import Iterator

from registry.check_lines.lines import Line, LineState, count, passed, told
from registry.check_lines.looking import Looked
from registry.check_results import OwnCheck
from registry.documents import findings_of, parse
from registry.errors import InvalidDocument
from registry.mistakes import Finding
from registry.text_rules import text_advice

_HIDDEN = "hidden text"
"""What `registry.text_rules` begins with where something hides."""


def text_lines(looked: Looked) -> Iterator[Line]:
    refused = list(_refused(looked))
    found = [*refused, *_warned(looked, refused)]
    yield from found
    bad = {line.check for line in found}
    texts = count(looked.edited, "text")
    for own, said in (
        (OwnCheck.SCHEMA, f"The schema and the rules of the kind fit {texts}."),
        (OwnCheck.HIDDEN_TEXT, f"Nothing hides in {texts}."),
        (OwnCheck.SECRETS, f"No credential stands in {texts}."),
    ):
        if own not in bad:
            yield passed(own, said if looked.edited else "Nothing is put in place.")


def _refused(looked: Looked) -> Iterator[Line]:
    for ref, document in looked.edited.items():
        try:
            parse(document.source, expected=ref)
        except InvalidDocument as error:
            for finding in error.findings:
                yield told(_check_of(finding), LineState.FAILED, ref, finding)


def _warned(looked: Looked, refused: list[Line]) -> Iterator[Line]:
    """What is worth a look, and was not told as refused."""
    for ref, document in looked.edited.items():
        said = [line.sentence for line in refused if line.document == ref]
        for finding in findings_of(document, text_advice(document.value)):
            what = finding.message.removeprefix(f"{_HIDDEN}: ")
            if not any(what in one for one in said):
                yield told(OwnCheck.HIDDEN_TEXT, LineState.WARNED, ref, finding)


def _check_of(finding: Finding) -> OwnCheck:
    return OwnCheck(finding.rule) if finding.rule else OwnCheck.SCHEMA
