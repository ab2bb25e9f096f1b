"""Versions that say too little, set in the files that are to be submitted."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from registry.bumps import Step, step
from registry.cli import screen, working_copy
from registry.cli.library import Library
from registry.documents import Document, parse
from registry.errors import BumpTooSmall
from registry.remote import Remote
from registry.remote.environments import Live
from registry.version_text import with_version


def edited_in(library: Library, live: Live) -> list[Document]:
    """The documents that are not live as they are in the folder."""
    digests = {one.document: one.digest for one in live.documents}
    return [
        document
        for ref, document in sorted(library.documents.items())
        if digests.get(ref) != document.digest
    ]


def agree_on_versions(
    remote: Remote,
    library: Library,
    edited: Sequence[Document],
    live: Live,
    *,
    bump: bool,
) -> dict[Path, bytes]:
    """The files that need another version, with it; none of them is touched.

    Args:
        bump: Without asking. Otherwise it is asked for on a terminal.

    Raises:
        BumpTooSmall: It was not agreed to, or there was nobody to ask.
    """
    steps = too_small(remote, edited, live)
    if not steps:
        return {}
    for one in steps:
        screen.note(
            screen.line(
                f"{one.document} {one.version}: {one.smallest} is the smallest version "
                f"after {one.live}, {one.bump}, because {one.because}"
            )
        )
    asked = screen.is_terminal() and not bump
    if not bump and not (asked and screen.agreed(_question(steps))):
        raise _refusal(steps, live.environment)
    sources = {document.ref: document.source for document in edited}
    return {
        library.places[one.document]: with_version(sources[one.document], one.smallest)
        for one in steps
    }


def set_versions(texts: Mapping[Path, bytes]) -> None:
    """Put into the files what was agreed on, once the registry has taken it."""
    for path, text in texts.items():
        working_copy.replace_text(path, text)
    if texts:
        screen.note(f"Set {screen.count(len(texts), 'version')}.")


def too_small(
    remote: Remote, edited: Sequence[Document], live: Live
) -> tuple[Step, ...]:
    """The steps from what is live to *edited* that say too little."""
    held = {one.document: one for one in live.documents}
    steps = []
    for document in edited:
        if document.ref not in held:
            continue
        before = parse(remote.documents.read(document.ref, held[document.ref].version))
        known = {
            one.version: one.digest
            for one in remote.documents.get(document.ref).versions
        }
        if known.get(document.version) == document.digest:
            continue  # it was live before: the registry says what to do instead
        found = step(before, document, is_taken=known.__contains__)
        if not found.is_enough or document.version in known:
            steps.append(found)
    return tuple(steps)


def _question(steps: Sequence[Step]) -> str:
    what = "this version in its file" if len(steps) == 1 else "these in their files"
    return f"Set {what}?"


def _refusal(steps: Sequence[Step], environment: str) -> BumpTooSmall:
    first = steps[0]
    more = f", and {len(steps) - 1} more" if len(steps) > 1 else ""
    return BumpTooSmall(
        f"{first.document} {first.version} says too little about what differs from "
        f"{environment}{more}",
        hint="Set what is named above in the files, or have it done with --bump.",
        document=first.document,
        bump=first.bump,
        smallest=first.smallest,
        reasons=first.reasons,
    )
