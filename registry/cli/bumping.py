"""Versions that say too little, set in the files that are to be submitted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry.bumps import Step, step, taken
from registry.cli import screen, working_copy
from registry.cli.library import Library
from registry.documents import Document, parse
from registry.errors import BumpTooSmall, VersionTaken
from registry.remote import Remote
from registry.remote.environments import Live
from registry.version_text import with_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """A version that cannot be proposed.

    Attributes:
        taken: What is said if it stands for another text; else it says too little.
    """

    step: Step
    taken: str | None


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
        VersionTaken: The same, of a version that names other bytes.
    """
    short = too_small(remote, edited, live)
    if not short:
        return {}
    steps = [one.step for one in short]
    for one in short:
        screen.note(screen.line(_told(one)))
    asked = screen.is_terminal() and not bump
    if not bump and not (asked and screen.agreed(_question(steps))):
        raise _refusal(short, live.environment)
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
) -> tuple[Short, ...]:
    """The steps from what is live to *edited* that say too little, or are taken."""
    held = {one.document: one for one in live.documents}
    short = []
    for document in edited:
        if document.ref not in held:
            continue
        before = parse(remote.documents.read(document.ref, held[document.ref].version))
        known = {
            one.version: one for one in remote.documents.get(document.ref).versions
        }
        named = known.get(document.version)
        if named is not None and named.digest == document.digest:
            continue  # it was live before: the registry says what to do instead
        found = step(before, document, is_taken=known.__contains__)
        if named is not None and found.is_up:
            told = taken(found, document.version, named.change)
            short.append(Short(step=found, taken=told))
        elif not found.is_enough:
            short.append(Short(step=found, taken=None))
    return tuple(short)


def _told(short: Short) -> str:
    one = short.step
    if short.taken is not None:
        return f"{one.document} {short.taken}"
    return (
        f"{one.document} {one.version}: {one.smallest} is the smallest version "
        f"after {one.live}, {one.bump}, because {one.because}"
    )


def _question(steps: Sequence[Step]) -> str:
    what = "this version in its file" if len(steps) == 1 else "these in their files"
    return f"Set {what}?"


def _refusal(short: Sequence[Short], environment: str) -> BumpTooSmall | VersionTaken:
    first = short[0].step
    more = f", and {len(short) - 1} more" if len(short) > 1 else ""
    hint = "Set what is named above in the files, or have it done with --bump."
    if short[0].taken is not None:
        return VersionTaken(f"{_told(short[0])}{more}", hint=hint)
    return BumpTooSmall(
        f"{first.document} {first.version} says too little about what differs from "
        f"{environment}{more}",
        hint=hint,
        document=first.document,
        bump=first.bump,
        smallest=first.smallest,
        reasons=first.reasons,
    )
