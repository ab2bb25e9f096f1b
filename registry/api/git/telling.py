"""What somebody is told who uses git: lines of text, and no problem in JSON.

git's client prints what a refused request says when it is plain text, and puts
`remote:` before each line of an answer to a push.  It prints it as it comes, so that
what steers a terminal is written out here.
"""

from collections.abc import Iterable, Iterator, Sequence

from fastapi import Response

from registry.advice import Advice
from registry.api.problems import status_of
from registry.api.views.changes import ChangeView
from registry.errors import (
    BumpTooSmall,
    InvalidDocument,
    InvalidDocuments,
    NotSignedIn,
    RegistryError,
    Stale,
)

MAX_LISTED = 20
MAX_REASON_CHARS = 200


def plain(error: RegistryError) -> Response:
    """An error as git's client prints it."""
    headers = {}
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = 'Basic realm="Placet: a token as the password"'
    return Response(
        f"{shown(str(error))}\n{shown(hint(error))}\n",
        status_code=status_of(error),
        media_type="text/plain",
        headers=headers,
    )


def reason(error: RegistryError) -> str:
    """Why a reference was not taken, on one line, as short as can be."""
    text = str(error)
    if isinstance(error, InvalidDocument):
        text = f"there are mistakes in {error.document}"
    if len(text) > MAX_REASON_CHARS:
        text = text[: MAX_REASON_CHARS - 1] + "…"
    return shown(text)


def of_error(error: RegistryError) -> Iterator[str]:
    """What is wrong, all of it, and what to do."""
    yield ""
    if isinstance(error, InvalidDocuments):
        yield from _listed(_findings(error.errors))
    elif isinstance(error, InvalidDocument):
        yield from _listed(_findings([error]))
    else:
        yield shown(str(error))
    yield shown(hint(error))
    yield ""


def of_change(
    change: ChangeView, warnings: Sequence[Advice], *, begin: str, address: str
) -> Iterator[str]:
    """A change that was opened, revised, or there before.

    Args:
        begin: What became of it, `Opened`.
        address: Of the change.
    """
    title = shown(change.title)
    yield ""
    yield f"{begin} change {change.id} in {change.environment}: {title}"
    yield f"  {address}"
    yield from _part(
        "edits",
        (f"{e.document} {e.version or '(deleted)'}" for e in change.edits),
    )
    edited = {edit.document for edit in change.edits}
    yield from _part(
        "also reads differently",
        (a.document for a in change.effect if a.document not in edited),
    )
    yield from _part("does", (f"{f.name}: {f.sentence}" for f in change.facts))
    yield from _part(
        "asks for",
        (f"{r.name}{' (met)' if r.met else ''}: {r.why}" for r in change.requirements),
    )
    yield from _part("worth a look", (_advice(advice) for advice in warnings))
    yield f"It is {change.status}. See it with: placet show {change.id}"
    yield ""


def hint(error: RegistryError) -> str:
    """What to do with git, where the error speaks of other ways."""
    if isinstance(error, Stale):
        return "Bring in what is live (git pull --rebase), then push again."
    if isinstance(error, BumpTooSmall):
        return f'Write version: "{error.smallest}" into it, amend, and push again.'
    if isinstance(error, InvalidDocument | InvalidDocuments):
        return "Mend that, amend the commit (git commit --amend), and push again."
    if isinstance(error, NotSignedIn):
        return "Give a token as the password (`placet token new`), with any name."
    return error.hint


def shown(text: str) -> str:
    """*text* on one line, with what steers or hides written out."""
    return "".join(one if one.isprintable() else _named(one) for one in text)


def _named(character: str) -> str:
    return " " if character in "\n\t" else repr(character)[1:-1]


def _advice(advice: Advice) -> str:
    place = f"{advice.document}:{advice.line}" if advice.line else advice.document
    return f"{place}: {advice.message} ({advice.hint})"


def _findings(errors: Iterable[InvalidDocument]) -> Iterator[str]:
    for error in errors:
        for finding in error.findings:
            yield f"{error.document}: {finding}"


def _part(heading: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"  {heading}:"
        yield from (f"    {line}" for line in _listed(found))


def _listed(lines: Iterable[str]) -> Iterator[str]:
    found = [shown(line) for line in lines]
    yield from found[:MAX_LISTED]
    if len(found) > MAX_LISTED:
        yield f"and {len(found) - MAX_LISTED} more"
