"""A library: documents in files, read and checked without a registry.

* A folder gives every `*.yaml` file in it; files may also be named one by one.
* A file in a folder of its kind is where its name says: the prompt
  `acme-air/refunds` in `prompts/acme-air/refunds.yaml`.  Elsewhere it may have
  any name.
* What a document refers to is looked for among the files, then where its name
  says beside them, so that one file of a library can be checked by itself.
* A document that refers to one that cannot be read is not judged further: the
  other one comes first.
* Of a document that is known to be live elsewhere the version is known and the
  text is not: what only the text could tell is passed over.
* A policy is checked too, by itself.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from registry.advice import advise
from registry.checks import check, check_partly
from registry.cli.document_files import list_files
from registry.documents import MAX_BYTES, Document, parse
from registry.errors import Invalid, InvalidDocument, NotFound, TooLarge
from registry.mistakes import Finding
from registry.names import Kind, Ref, kind_of
from registry.policy_text import parse_policy

_POLICY = re.compile(rb"^requirements:", re.MULTILINE)
_KIND = re.compile(rb"^kind:", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something wrong, and in which file."""

    path: Path
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What was read.

    Attributes:
        files: How many files were looked at.
        places: Where each document was found.
        found: By file and line.
        warned: What is not wrong and worth a look, in documents that are right.
        passed_over: What was not judged whole, for want of the texts that it uses.
    """

    files: int
    documents: Mapping[Ref, Document]
    places: Mapping[Ref, Path]
    found: tuple[Found, ...]
    warned: tuple[Found, ...]
    passed_over: tuple[Ref, ...] = ()


def read_library(
    paths: Iterable[Path],
    *,
    elsewhere: Mapping[str, str | None] = MappingProxyType({}),
    instead: Mapping[Path, bytes] = MappingProxyType({}),
    today: date | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Library:
    """Read and check documents.

    Args:
        elsewhere: Documents that are known to exist where nobody looks now, with
            their versions if these are known; whose text is needed is passed over.
        instead: What these files are to be read as having in them.
        today: The day to warn for; without one there are no warnings.
        progress: Is told how many files are done.

    Raises:
        NotFound: There is no such file or folder.
        Invalid: There is no document in any of them.
    """
    files = list_files(paths)
    reading = _Reading(elsewhere, instead)
    for number, file in enumerate(files, start=1):
        reading.read(file)
        progress(number)
    for ref in sorted(reading.documents):
        reading.check(ref, today)
    return Library(
        files=len(files),
        documents=reading.documents,
        places=reading.places,
        found=_sorted(reading.found),
        warned=_sorted(reading.warned),
        passed_over=tuple(sorted(reading.passed_over)),
    )


def _sorted(found: Iterable[Found]) -> tuple[Found, ...]:
    return tuple(sorted(found, key=lambda one: (str(one.path), one.finding.line)))


class _Unreadable(Exception):
    """A document is there and cannot be judged by."""


class _Elsewhere(_Unreadable):
    """It is live, and its text is not at hand."""


class _Reading:
    """One reading of a library, as far as it has come."""

    def __init__(
        self, elsewhere: Mapping[str, str | None], instead: Mapping[Path, bytes]
    ) -> None:
        self.documents: dict[Ref, Document] = {}
        self.places: dict[Ref, Path] = {}
        self.found: list[Found] = []
        self.warned: list[Found] = []
        self.passed_over: list[Ref] = []
        self._elsewhere = elsewhere
        self._instead = instead
        self._broken: list[Path] = []
        self._neighbours: dict[Ref, Document] = {}

    def read(self, path: Path) -> None:
        if path.stat().st_size > MAX_BYTES:
            self._broken.append(path)
            self.found.append(Found(path=path, finding=_too_large(path)))
            return
        data = self._instead.get(path) or _bytes(path)
        findings = _policy_findings(data) if _is_policy(data) else None
        if findings is None:
            try:
                document = parse(data)
            except (InvalidDocument, TooLarge) as error:
                self._broken.append(path)
                findings = _findings(error)
            else:
                findings = self._place(path, document)
        self.found += (Found(path=path, finding=finding) for finding in findings)

    def _place(self, path: Path, document: Document) -> tuple[Finding, ...]:
        """Keep *document*, unless it is not where it should be."""
        ref = document.ref
        if ref in self.places:
            message = f"{ref} is in {self.places[ref]} already"
            return (_finding(message, "Rename one of them, or delete it."),)
        self.documents[ref], self.places[ref] = document, path
        if kind_of(ref).plural in path.resolve().parts[:-1] and not _is_placed(
            path, ref
        ):
            hint = f"Correct the name, or move the file to {ref}.yaml."
            return (_finding(f"the name of {ref} is not that of the file", hint),)
        return ()

    def check(self, ref: Ref, today: date | None) -> None:
        document, path = self.documents[ref], self.places[ref]
        try:
            findings = [one for _, one in check({ref: document}, self._get)]
            advice: tuple[Finding, ...] = ()
            if today is not None and not findings:
                advice = advise(document, self._get, today)
        except _Elsewhere:
            findings, advice = self._partly(document), ()
        except _Unreadable:
            return
        self.found += (Found(path=path, finding=finding) for finding in findings)
        self.warned += (Found(path=path, finding=finding) for finding in advice)

    def _partly(self, document: Document) -> list[Finding]:
        """Of what a bot uses, its versions are all that it is judged by."""
        try:
            findings = list(check_partly(document, self._version))
        except _Unreadable:
            findings = []
        else:
            if kind_of(document.ref) is Kind.BOT:
                return findings
        self.passed_over.append(document.ref)
        return findings

    def _version(self, ref: Ref) -> str:
        try:
            return self._get(ref).version
        except _Elsewhere:
            version = self._elsewhere[ref]
            if version is None:
                raise
            return version

    def _get(self, ref: Ref) -> Document:
        known = self.documents.get(ref) or self._neighbours.get(ref)
        if known is not None:
            return known
        if any(_is_placed(path, ref) for path in self._broken):
            raise _Unreadable
        for root in {_root(path, of) for of, path in self.places.items()} - {None}:
            path = Path(str(root)) / f"{ref}.yaml"
            if path.is_file():
                return self._neighbour(path, ref)
        if ref in self._elsewhere:
            raise _Elsewhere
        raise NotFound(f"there is no {ref}")

    def _neighbour(self, path: Path, ref: Ref) -> Document:
        try:
            document = parse(_bytes(path), expected=ref)
        except (InvalidDocument, TooLarge) as error:
            raise _Unreadable from error
        self._neighbours[ref] = document
        return document


def _bytes(path: Path) -> bytes:
    """One byte more than a document may have is enough to refuse it."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _too_large(path: Path) -> Finding:
    size = path.stat().st_size / 2**10
    return _finding(f"the file has {size:,.0f} KiB, more than 256 KiB", TooLarge.hint)


def _is_policy(data: bytes) -> bool:
    return bool(_POLICY.search(data)) and not _KIND.search(data)


def _policy_findings(data: bytes) -> tuple[Finding, ...]:
    try:
        parse_policy(data)
    except Invalid as error:
        return _findings(error)
    return ()


def _findings(error: Invalid) -> tuple[Finding, ...]:
    if isinstance(error, InvalidDocument):
        return error.findings
    return (_finding(str(error), error.hint),)


def _finding(message: str, hint: str) -> Finding:
    return Finding(line=0, where="", message=message, hint=hint)


def _is_placed(path: Path, ref: Ref) -> bool:
    return _root(path, ref) is not None


def _root(path: Path, ref: Ref) -> Path | None:
    """The library's folder, if *path* is where *ref* has its place in one."""
    parts = Path(f"{ref}.yaml").parts
    whole = path.resolve()
    if whole.parts[-len(parts) :] != parts:
        return None
    return whole.parents[len(parts) - 1]
