"""What of a document's text is refused when it is proposed, wherever it stands.

 * Hidden text that no text needs (see `registry.hidden_text`), in the file as it is,
   names, comments and keys included.
 * The same in what a text says once its escapes are read: `"\\u202e"` is plain in the
   file and not to the model.  Where a document only shows what such text looks like,
   in its cases and in what a guardrail looks for, an escape is the way to write it.
 * Credentials (see `registry.leaks`), everywhere.

What can be meant is a warning, and refuses nothing: `text_advice`.

What was accepted before there were these rules stays as it is: it is not read by
them again.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from registry.findings import MAX_FINDINGS, Problem
from registry.hidden_text import blocked, hidden
from registry.leaks import HINT, leaks
from registry.mistakes import Finding
from registry.values import Json, Path
from registry.yaml_scalars import FORBIDDEN

HIDDEN_TEXT = "hidden-text"
SECRETS = "secrets"
_CASES = "cases"
_BACKSLASH = "\\"
_ESCAPED = " In a case write it as an escape, in double quotes."

_Text = tuple[Path, str]


def source_findings(text: str) -> tuple[Finding, ...]:
    """What is refused of a file's text, as far as anybody reads on.

    What no YAML may hold is passed over: `registry.yaml_text` tells it.
    """
    return tuple(islice(_in_source(text), MAX_FINDINGS + 1))


def value_problems(value: Mapping[str, Json], source: str) -> Iterator[Problem]:
    """What is refused of what a document says, and was not told of its *source*."""
    if _BACKSLASH not in source:
        return  # without an escape a text says what the file does
    texts = tuple(_texts(dict(value), ()))
    found = (*_hidden(texts), *_leaked(texts))
    if found:
        spans = [one.span for one in blocked(source)]
        spans += (leak.span for leak in leaks(source))
        told = {source[begin:end] for begin, end in spans}
        new = (problem for stands, problem in found if stands not in told)
        yield from islice(new, MAX_FINDINGS + 1)


def text_advice(value: Mapping[str, Json]) -> Iterator[Problem]:
    """What hides in what a document says, for whoever agrees to it."""
    for path, text in _texts(dict(value), ()):
        for one in () if _is_specimen(path) else hidden(text):
            message = f"hidden text: {one.sentence}"
            yield _problem(path, text, one.span[0], message, one.hint, HIDDEN_TEXT)


def _in_source(text: str) -> Iterator[Finding]:
    for one in blocked(text):
        if FORBIDDEN.match(text, one.span[0]) is None:
            message = f"hidden text: {one.sentence}"
            hint = one.hint + _ESCAPED
            yield _finding(text, one.span[0], message, hint, HIDDEN_TEXT)
    for leak in leaks(text):
        yield _finding(text, leak.span[0], leak.sentence, HINT, SECRETS)


def _hidden(texts: tuple[_Text, ...]) -> Iterator[tuple[str, Problem]]:
    for path, text in texts:
        for one in () if _is_specimen(path) else blocked(text):
            message = f"hidden text, as an escape: {one.sentence}"
            at = one.span[0]
            problem = _problem(path, text, at, message, one.hint, HIDDEN_TEXT)
            yield text[slice(*one.span)], problem


def _leaked(texts: tuple[_Text, ...]) -> Iterator[tuple[str, Problem]]:
    """Most documents have none, so all of one is looked through at once first."""
    if not leaks("\n".join(text for _, text in texts)):
        return
    for path, text in texts:
        for leak in leaks(text):
            at = leak.span[0]
            problem = _problem(path, text, at, leak.sentence, HINT, SECRETS)
            yield text[slice(*leak.span)], problem


def _is_specimen(path: Path) -> bool:
    return path[:1] == (_CASES,) or (path[:1] == ("rules",) and path[2:3] == ("check",))


def _finding(text: str, at: int, message: str, hint: str, rule: str) -> Finding:
    line_begin = text.rfind("\n", 0, at) + 1
    line = text.count("\n", 0, at) + 1
    column = at - line_begin + 1
    message = f"column {column}: {message}"
    return Finding(line=line, where="", message=message, hint=hint, rule=rule)


def _problem(
    path: Path, text: str, at: int, message: str, hint: str, rule: str
) -> Problem:
    text_line = text.count("\n", 0, at) + 1
    return Problem(
        path=path, message=message, hint=hint, text_line=text_line, rule=rule
    )


def _texts(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text in *value*, keys among them."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield path, key
            yield from _texts(inner, (*path, key))
