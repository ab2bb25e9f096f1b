"""Documents in files beside what is live: what only both together can tell.

* A version says as much as differs from what is live.
* A tool has another schema only with another version.
* Whoever a bot needs is there and active, which is only worth a look: people
  come and go, and nothing is refused because of it.
"""

from collections.abc import Iterator
from dataclasses import replace

from registry.advice import advise_on_people
from registry.bot_rules import tool_problems
from registry.cli.bumping import edited_in, too_small
from registry.cli.library import Found, Library
from registry.documents import Document, findings_of, parse
from registry.findings import Problem
from registry.mistakes import Finding
from registry.names import Kind, kind_of
from registry.people import Person, person
from registry.remote import Remote
from registry.remote.environments import Live


def beside_live(remote: Remote, library: Library, environment: str) -> Library:
    """*library* with what the registry's own documents and people add to it.

    Raises:
        RegistryError: The registry cannot be asked, or has no such environment.
    """
    live = remote.environments.live(environment)
    edited = edited_in(library, live)
    people = {
        one.handle: person(one.handle, roles=(), seats=(), active=one.active)
        for one in remote.people.list()
    }
    wrong = [*_versions(remote, edited, live), *_tools(remote, edited, live)]
    return replace(
        library,
        found=(*library.found, *_placed(library, wrong)),
        warned=(*library.warned, *_placed(library, _reachable(library, people))),
    )


_Findings = Iterator[tuple[Document, Finding]]


def _versions(remote: Remote, edited: list[Document], live: Live) -> _Findings:
    documents = {document.ref: document for document in edited}
    for short in too_small(remote, edited, live):
        step = short.step
        small = (
            f"{step.version} is too small a step from {step.live}, which is "
            f"live in {live.environment}: {step.bump}, because {step.because}"
        )
        problem = Problem(
            path=("version",),
            message=short.taken or small,
            hint=f"Give it {step.smallest}.",
        )
        document = documents[step.document]
        yield from ((document, one) for one in findings_of(document, [problem]))


def _tools(remote: Remote, edited: list[Document], live: Live) -> _Findings:
    held = {one.document: one.version for one in live.documents}
    for document in edited:
        if kind_of(document.ref) is Kind.BOT and document.ref in held:
            before = parse(remote.documents.read(document.ref, held[document.ref]))
            problems = tool_problems(before.value, document.value)
            yield from ((document, one) for one in findings_of(document, problems))


def _reachable(library: Library, people: dict[str, Person]) -> _Findings:
    for document in library.documents.values():
        yield from ((document, one) for one in advise_on_people(document, people))


def _placed(
    library: Library, told: _Findings | list[tuple[Document, Finding]]
) -> Iterator[Found]:
    for document, finding in told:
        yield Found(path=library.places[document.ref], finding=finding)
