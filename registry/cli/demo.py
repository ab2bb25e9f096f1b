"""The demonstration: accounts for every role and seat, and a library gone live.

The example library takes the way that everything takes: the author submits and
promotes it, whoever the policy asks votes, the operator activates.  Each of them
signs in, so that the ledger says nothing that did not happen.  Whatever was
interrupted goes on where it stopped.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import msgspec

import registry
from registry.cli.beginning import (
    Account,
    begin,
    demo_policies,
    make_password,
    parse_account,
)
from registry.cli.library import Library
from registry.cli.session import write_private
from registry.errors import Invalid, NotAgreed, NotFound
from registry.names import Kind, Ref, kind_of, name_of
from registry.remote import Remote
from registry.remote.changes import ChangeView, Proposal
from registry.writer import Home

PEOPLE = (
    "admin:admin",
    "admin2:admin",
    "author:author",
    "operator:operator",
    "evaluator:evaluator",
    "auditor:auditor",
    "viewer:viewer",
    "product:viewer:product",
    "risk:viewer:risk",
    "legal:viewer:legal",
    "board:viewer:board",
    "incident:viewer:incident",
)
WAY = (("development", None), ("staging", "development"), ("production", "staging"))
"""The environments in their order, each with the one that it is promoted from."""

READS = "production"
FILE = "demo-accounts.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Attributes:
    passwords: By handle.
    token: Reads `production`; `None` until there is one.
    """

    passwords: Mapping[str, str]
    token: str | None


def library_folder() -> Path:
    """Where the example library is: in the installed package, or in a checkout."""
    installed = Path(__file__).parent / "library"
    checkout = Path(str(registry.__file__)).parents[1] / "prompts"
    folder = installed if installed.is_dir() else checkout
    if not folder.is_dir():
        raise NotFound(
            "the example library is missing",
            hint="Run this in a whole checkout, or install placet-server again.",
        )
    return folder


def read_demo(home: Home) -> Demo | None:
    path = home.path / FILE
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Demo)
    except msgspec.MsgspecError as error:
        raise Invalid(
            f"{path} is damaged: {error}",
            hint="Move it away, and what was printed from it is no longer printed.",
        ) from error


def write_demo(home: Home, demo: Demo) -> None:
    """For the owner of the files alone: it has passwords in it."""
    data = msgspec.json.format(msgspec.json.encode(demo), indent=2)
    write_private(home.path / FILE, data + b"\n")


def begin_demo(home: Home) -> Demo:
    """Make a registry with an account for every role and seat."""
    accounts = [parse_account(text, make_password()) for text in PEOPLE]
    demo = Demo(passwords={a.handle: a.password for a in accounts}, token=None)
    home.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_demo(home, demo)  # first: passwords that nobody knows would be worse
    begin(home, demo_policies(), accounts)
    return demo


def accounts_of(demo: Demo) -> list[Account]:
    return [
        parse_account(text, demo.passwords[text.partition(":")[0]])
        for text in PEOPLE
        if text.partition(":")[0] in demo.passwords
    ]


class Cast:
    """The people of the demonstration, who sign in when they are first needed."""

    def __init__(self, url: str, demo: Demo) -> None:
        self._url = url
        self._demo = demo
        self._signed_in: dict[str, Remote] = {}
        self._open = ExitStack()

    def __getitem__(self, handle: str) -> Remote:
        if handle not in self._signed_in:
            with Remote(self._url) as door:
                session = door.sessions.begin(handle, self._demo.passwords[handle])
            remote = self._open.enter_context(Remote(self._url, session.token))
            self._signed_in[handle] = remote
        return self._signed_in[handle]

    def close(self) -> None:
        """Sign everybody out."""
        for remote in self._signed_in.values():
            remote.sessions.end()
        self._open.close()


def take_live(cast: Cast, library: Library, tell: Callable[[str], None]) -> None:
    """Take every bot of the library live in every environment.

    Args:
        tell: Is told each step, in words.
    """
    bots = [ref for ref in sorted(library.documents) if kind_of(ref) is Kind.BOT]
    for environment, source in WAY:
        held = {
            one.document
            for one in cast["author"].environments.live(environment).documents
        }
        for bot in bots:
            if bot in held:
                continue
            change = _proposed(cast["author"], library, bot, environment, source)
            _agree(cast, change)
            done = cast["operator"].changes.activate(change.id, change.review_digest)
            tell(f"{name_of(bot)} is live in {environment}, seq {done.seq}")


def _proposed(
    author: Remote, library: Library, bot: Ref, environment: str, source: str | None
) -> ChangeView:
    for one in author.changes.list(environment=environment, status="open"):
        if bot in one.documents:
            return author.changes.get(one.id)
    if source is not None:
        title = f"Promote {name_of(bot)} from {source}"
        return author.environments.promote(source, environment, (bot,), title)
    live = {one.document for one in author.environments.live(environment).documents}
    names = [ref for ref in sorted(_closure(library, bot)) if ref not in live]
    return author.changes.submit(
        environment,
        Proposal(
            title=f"Begin with {name_of(bot)} of the example library",
            sources=[library.documents[ref].source.decode() for ref in names],
            deleted=(),
            edited_from={},
        ),
    )


def _agree(cast: Cast, change: ChangeView) -> None:
    """Have whoever is asked and could still agree vote yes."""
    for requirement in change.requirements:
        missing = requirement.count - len(requirement.by)
        for handle in requirement.could[: max(missing, 0)]:
            cast[handle].changes.vote(
                change.id,
                review_digest=change.review_digest,
                verdict="approve",
                seat=str(requirement.seat),
                reason="Read as part of the example library.",
            )
    if cast["author"].changes.get(change.id).status != "approved":
        raise NotAgreed(f"change {change.id} of the demonstration was not agreed to")


def _closure(library: Library, bot: Ref) -> set[Ref]:
    """The bot with everything that it needs, however indirectly."""

    def needed(ref: Ref) -> Iterator[Ref]:
        yield ref
        for use in library.documents[ref].uses:
            yield from needed(use.ref)

    return set(needed(bot))
