"""Pins: live documents that refuse a version that is about to be proposed.

A bot names what it uses with a range of versions, and so does a binding with its
fallbacks.  One that is in the folder is checked along with it; one that is live
and not in the folder would have the registry refuse the change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from registry.cli.library import Library
from registry.document_rules import named_in
from registry.documents import Document, parse
from registry.errors import Conflict, InvalidDocument
from registry.names import Ref, ref
from registry.remote import Remote
from registry.remote.environments import Live
from registry.versions import allows


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """*user* accepts only versions in *range* of *document*."""

    user: Ref
    document: Ref
    version: str
    range: str


def check_pins(
    remote: Remote, library: Library, edited: Sequence[Document], live: Live
) -> None:
    """Raises:
    Conflict: A live document that is not in the folder refuses a version.
    """
    pins = tuple(_refusing(remote, library, edited, live))
    if not pins:
        return
    told = "; ".join(
        f"{one.user} pins {one.document} to {one.range}, which does not allow "
        f"{one.version}"
        for one in pins
    )
    ranges = "; ".join(
        f"set the range of {one.document} in {one.user} to ^{one.version}"
        for one in pins
    )
    users = dict.fromkeys(one.user for one in pins)
    raise Conflict(
        told,
        hint=f"Pull {' and '.join(users)} ({_pull(live.environment, users)}), "
        f"{ranges}, and submit again. Nothing was sent, and no file was changed.",
    )


def tell_what_to_pull(
    refused: InvalidDocument, library: Library, environment: str
) -> None:
    """Say of a refusal that is about a document which the folder has not."""
    if refused.document not in library.documents:
        refused.hint = (
            f"{refused.document} is live and not in the folder: pull it "
            f"({_pull(environment, [refused.document])}), mend it, and submit again. "
            "No file was changed."
        )


def _pull(environment: str, documents: Iterable[str]) -> str:
    return f"`placet pull {environment} {' '.join(documents)} --to DIR`"


def _refusing(
    remote: Remote, library: Library, edited: Sequence[Document], live: Live
) -> Iterator[Pin]:
    held = {one.document: one.version for one in live.documents}
    proposed = {
        one.ref: one.version
        for one in edited
        if one.ref in held and held[one.ref] != one.version
    }
    users = {
        user
        for name in proposed
        for user in remote.documents.get(name).used_by.get(live.environment, ())
        if user in held and user not in library.documents
    }
    for user in sorted(users):
        yield from _pins(parse(remote.documents.read(user, held[user])), proposed)


def _pins(user: Document, proposed: Mapping[Ref, str]) -> Iterator[Pin]:
    for named in named_in(user.value):
        document = ref(named.kind, named.name)
        version = proposed.get(document)
        if version and named.range and not allows(named.range, version):
            yield Pin(
                user=user.ref, document=document, version=version, range=named.range
            )
