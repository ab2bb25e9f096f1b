"""Pushes: what somebody who pushes commits with git asks the registry to do.

The rules:

 * `refs/for/<environment>` proposes a change of that environment, and
   `refs/for/<environment>/<change>`, or a line `Change: <change>` at the end of
   the commit's message, revises one.  Nothing else can be pushed to.
 * The title is the subject of the commit that was pushed.
 * What counts is what the push changed since the last commit that it has in
   common with what is live, and what was live there is what it was edited from.
   So an edit of something that has moved meanwhile is refused, and nothing that
   somebody else has done is undone by not having been seen.
 * Documents are files `<kinds>/<name>.yaml`, plain ones, and nothing else is in
   the folder.
 * The same commit, pushed to the same place, is the same command.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from registry.commands import Proposal, Revise, Submit
from registry.documents import MAX_BYTES, Document, parse
from registry.errors import Invalid, InvalidDocument, InvalidDocuments, TooLarge
from registry.names import (
    MAX_SEGMENTS,
    Digest,
    Ref,
    check_environment,
    digest_of,
    parse_ref,
)

MAX_FILES = 1000
MAX_CHANGE_BYTES = 32 * 2**20

_FOR = "refs/for/"
_SUFFIX = ".yaml"
_CHANGE = re.compile(r"[1-9][0-9]{0,14}")
_TRAILER = re.compile(r"([A-Za-z][A-Za-z0-9-]*): *(.*)")
_FOLDER, _FILE = b"40000", b"100644"
_MODES = {
    b"100755": "is marked as a program",
    b"100664": "has the odd mode 100664",
    b"120000": "is a symbolic link",
    b"160000": "is a submodule",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Attributes:
    change: The one to revise; `None` to open one.
    """

    environment: str
    change: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """A commit that was pushed.

    Attributes:
        commit: Its id in git, of which nothing is kept.
        message: Its message, whole.
        files: By path what the push changed: the new bytes, `None` for deleted.
        before: The digests of those that were there before.
    """

    commit: str
    message: str
    files: Mapping[str, bytes | None]
    before: Mapping[str, Digest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a push asks for, and the key under which it is asked once."""

    command: Submit | Revise
    key: str


def parse_target(reference: str, environment: str) -> Target:
    """What a push to *reference* of the repository of *environment* is for.

    Raises:
        Invalid: Nothing can be pushed there.
    """
    where = f"refs/for/{environment}"
    if not reference.startswith(_FOR):
        raise Invalid(
            f"{reference[:100]!r} cannot be pushed to, because it is not proposed",
            hint=f"Push to {where}: that opens a change, which people decide on.",
        )
    named, slash, number = reference.removeprefix(_FOR).partition("/")
    if named != environment:
        raise Invalid(
            f"this is the repository of {environment}, not of {named[:40]!r}",
            hint=f"Push to {where}, or clone the other environment and edit there.",
        )
    if not slash:
        return Target(environment=environment, change=None)
    if not _CHANGE.fullmatch(number):
        raise Invalid(
            f"{number[:40]!r} is not the number of a change",
            hint=f"Push to {where} for a new change, to {where}/42 to revise one.",
        )
    return Target(environment=environment, change=int(number))


def asked(pushed: Pushed, target: Target, live: Mapping[Ref, Digest]) -> Asked:
    """The command that a push comes to.

    Args:
        live: What is live now; what was pushed and is live already is left out.

    Raises:
        Invalid: There is nothing to propose, or it says two things at once.
        InvalidDocuments: All that is wrong with all of them.
    """
    environment = check_environment(target.environment)
    change = _change(pushed.message, target)
    proposal = _proposal(pushed, live)
    if change is None:
        return Asked(
            command=Submit(environment=environment, proposal=proposal),
            key=f"git {environment} {pushed.commit}",
        )
    return Asked(
        command=Revise(change=change, proposal=proposal),
        key=f"git {environment} {change} {pushed.commit}",
    )


def document_at(path: str) -> Ref:
    """The document whose place *path* is.

    Raises:
        Invalid: No document can be there.
    """
    shown = repr(path[:120])
    if not path.endswith(_SUFFIX):
        raise Invalid(
            f"{shown} is not a document",
            hint="Documents are files such as prompts/acme-air/refunds.yaml, and "
            "nothing else is kept here.",
        )
    try:
        return parse_ref(path.removesuffix(_SUFFIX))
    except Invalid as error:
        raise Invalid(f"{shown} is not a document: {error}", hint=error.hint) from None


def check_entry(path: str, mode: bytes) -> bool:
    """Whether what was pushed at *path* is a folder, or else a plain file.

    Raises:
        Invalid: It is neither, or in a place where none can be.
    """
    if mode == _FOLDER:
        if path.count("/") + 1 > MAX_SEGMENTS:
            raise Invalid(
                f"{path[:120]!r} is too deep",
                hint=f"A name has at most {MAX_SEGMENTS} segments.",
            )
        return True
    if mode != _FILE:
        what = _MODES.get(mode, f"has the mode {mode.decode('ascii', 'replace')}")
        raise Invalid(
            f"{path[:120]!r} {what}",
            hint="Documents are plain files (mode 100644), in plain folders.",
        )
    document_at(path)
    return False


def check_count(files: int) -> None:
    """Raises:
    TooLarge: A change cannot have so many documents.
    """
    if files > MAX_FILES:
        raise TooLarge(
            f"the push changes more than {MAX_FILES:,} documents",
            hint="Push them in smaller commits, as several changes.",
        )


def check_sizes(sizes: Mapping[str, int]) -> None:
    """Raises:
    TooLarge: A document, or all of them together, are more than is taken.
    """
    for path, size in sizes.items():
        if size > MAX_BYTES:
            raise TooLarge(f"{path} has {size:,} bytes")
    if sum(sizes.values()) > MAX_CHANGE_BYTES:
        raise TooLarge(
            "the push changes more than 32 MiB of documents",
            hint="Push them in smaller commits, as several changes.",
        )


def _proposal(pushed: Pushed, live: Mapping[Ref, Digest]) -> Proposal:
    documents: list[Document] = []
    deleted: list[Ref] = []
    wrong: list[InvalidDocument] = []
    began: list[tuple[Ref, Digest | None]] = []
    for path in sorted(pushed.files):
        name, source = document_at(path), pushed.files[path]
        if live.get(name) == (None if source is None else digest_of(source)):
            continue
        began.append((name, pushed.before.get(path)))
        if source is None:
            deleted.append(name)
            continue
        try:
            documents.append(parse(source, expected=name))
        except InvalidDocument as error:
            wrong.append(error)
    if wrong:
        raise InvalidDocuments(wrong)
    if not began:
        raise Invalid(
            "there is nothing to propose: all of it is live already",
            hint="Edit a document, commit, and push again.",
        )
    return Proposal(
        title=pushed.message.strip().partition("\n")[0].strip(),
        documents=tuple(documents),
        deleted=tuple(deleted),
        edited_from=tuple(began),
    )


def _change(message: str, target: Target) -> int | None:
    """The change to revise, as the place or the message names it."""
    _, gap, last = message.strip().rpartition("\n\n")
    lines = [_TRAILER.fullmatch(line.strip()) for line in last.splitlines() if gap]
    said = {found[2].strip() for found in lines if found and found[1] == "Change"}
    named = {target.change} if target.change is not None else set()
    for text in said:
        if not _CHANGE.fullmatch(text):
            raise Invalid(
                f"the commit says `Change: {text[:40]}`, which is no number",
                hint="Write `Change: 42` as the last line, or push to "
                f"refs/for/{target.environment}/42.",
            )
        named.add(int(text))
    if len(named) > 1:
        told = " and ".join(str(number) for number in sorted(named))
        raise Invalid(
            f"the push names the changes {told}, and can revise only one",
            hint="Name one, in the commit's message or in the place pushed to.",
        )
    return next(iter(named), None)
