"""Real prompts, as their authors wrote them over two years, written again.

The history of the prompts of an open-source project (895 versions of 237
prompts: repeated instants, CRLF, texts of more than 64 KiB) goes through the
one way to write, at the times at which it was written, and everything that the
registry can say about it afterwards is compared with the file.  What is refused
in four of the texts, spaces without width out of a web page, is taken out first,
as their author would have to.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from registry import commands
from registry.db.engine import reading
from registry.db.live import read_document, read_snapshots, seq_at
from registry.db.texts import read_text
from registry.documents import dump, parse
from registry.hidden_text import Severity, visible
from registry.names import Kind, Ref, ref
from registry.people import Identity, Role, person
from registry.policy_text import parse_policy
from registry.writer import Home, Open, opened
from registry.writer.verify import verify

HISTORY = (
    Path(__file__).parents[3] / "shared/data/fabric/history/system_md_versions.jsonl"
)
ENVIRONMENT = "development"
AUTHOR = Identity(handle="author", via="session", roles=None)
POLICY = b"""\
environment: development
authors_activate: true
requirements:
  - name: everybody tries things out
    open: true
"""

pytestmark = pytest.mark.skipif(
    not HISTORY.is_file(), reason="the history of real prompts is not on this machine"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a real prompt, and when it went live again here."""

    document: Ref
    number: int
    written: datetime
    text: str
    seq: int
    at: datetime


class Replay:
    """A registry that has lived through the history once more."""

    def __init__(self, registry: Open, versions: list[Version]) -> None:
        self.registry = registry
        self.versions = versions

    def text_at(self, version: Version, at: datetime) -> str:
        with reading(self.registry.engine) as connection:
            seq = seq_at(connection, ENVIRONMENT, at)
            snapshot = read_snapshots(connection)[ENVIRONMENT]
            served = read_document(connection, snapshot, version.document, seq)
        return str(json.loads(served.body)["messages"][0]["content"])

    def lifetimes(self) -> Iterator[tuple[Version, datetime]]:
        """Each version with the last moment at which it was live."""
        by_document: dict[Ref, list[Version]] = {}
        for version in self.versions:
            by_document.setdefault(version.document, []).append(version)
        end = self.versions[-1].at + timedelta(seconds=1)
        for versions in by_document.values():
            for version, following in pairwise([*versions, None]):
                assert version is not None
                yield (
                    version,
                    following.at - timedelta(microseconds=1) if following else end,
                )


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2020, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(40, id="the-first-40"),
        pytest.param(None, id="all", marks=pytest.mark.deep),
    ],
)
def replay(request, tmp_path_factory):
    lines = _oldest_first()[: request.param]
    home = Home(path=tmp_path_factory.mktemp("replay") / "registry")
    home.create().close()
    clock = Clock()
    with opened(home, clock=clock) as registry:
        _begin(registry)
        versions = [_write(registry, clock, line) for line in lines]
        clock.at += timedelta(days=1)
        registry.afterwards.once()
        yield Replay(registry, versions)


def test_every_version_keeps_its_bytes(replay):
    state = replay.registry.writer.state

    with reading(replay.registry.engine) as connection:
        for version in replay.versions:
            digest = state.claims[version.document, f"1.{version.number}.0"]
            document = parse(read_text(connection, digest))
            assert document.value["messages"][0]["content"] == version.text


def test_every_moment_reads_as_it_was(replay):
    for version, last in replay.lifetimes():
        assert replay.text_at(version, version.at) == version.text
        assert replay.text_at(version, last) == version.text


def test_times_are_those_of_the_file_and_strictly_increase(replay):
    for version in replay.versions:
        assert timedelta(0) <= version.at - version.written < timedelta(seconds=1)
    for earlier, later in pairwise(replay.versions):
        assert earlier.at < later.at


def test_the_history_has_one_moment_for_each_version(replay):
    environment = replay.registry.writer.state.environment(ENVIRONMENT)

    assert environment.seq == len(replay.versions)
    for version in replay.versions:
        assert environment.moments[version.seq].at == version.at


def test_each_moment_differs_from_the_one_before_in_one_document(replay):
    moments = replay.registry.writer.state.environment(ENVIRONMENT).moments

    for version in replay.versions:
        before = moments[version.seq - 1].live if version.seq > 1 else {}
        after = moments[version.seq].live
        names = {*before, *after}
        changed = {name for name in names if before.get(name) != after.get(name)}
        assert changed == {version.document}


def test_it_can_be_verified_from_end_to_end(replay):
    registry = replay.registry

    verified = verify(registry.ledger, registry.engine, lambda _: None)

    assert verified.environments == {ENVIRONMENT: len(replay.versions)}


def _oldest_first() -> list[dict]:
    """The lines by instant; of one instant, in the order of the file.

    A text that was written before another and came into the project after it
    has the higher version in the file; here versions follow the time.
    """
    text = HISTORY.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.split("\n") if line]
    lines.sort(key=lambda line: datetime.fromisoformat(line["date"]))
    seen: Counter[str] = Counter()
    for line in lines:
        seen[line["pattern"]] += 1
        line["version"] = seen[line["pattern"]]
        line["content"] = visible(line["content"], lambda _: "", only=Severity.BLOCK)
    return lines


def _begin(registry: Open) -> None:
    people = (
        person("author", roles=(Role.AUTHOR,), seats=(), active=True),
        person("admin", roles=(Role.ADMIN,), seats=(), active=True),
    )
    registry.writer.write(
        commands.Create(
            repository="replayed", policies=(parse_policy(POLICY),), people=people
        ),
        by=Identity(handle="admin", via="local", roles=None),
    )


def _write(registry: Open, clock: Clock, line: dict) -> Version:
    name = ref(Kind.PROMPT, "fabric/" + line["pattern"].replace("_", "-"))
    clock.at = datetime.fromisoformat(line["date"]).astimezone(UTC)
    document = parse(_source(name, line), expected=name)
    submitted = registry.writer.write(
        commands.Submit(
            environment=ENVIRONMENT,
            proposal=commands.Proposal(
                title=_title(line), documents=(document,), deleted=(), edited_from=()
            ),
        ),
        by=AUTHOR,
    )
    change = submitted.state.change(submitted.event.payload.change)
    activated = registry.writer.write(
        commands.Activate(
            change=change.id, review_digest=change.revision.review_digest
        ),
        by=AUTHOR,
    )
    return Version(
        document=name,
        number=line["version"],
        written=clock.at,
        text=line["content"],
        seq=activated.event.payload.seq,
        at=activated.event.at,
    )


def _source(name: Ref, line: dict) -> bytes:
    return dump(
        {
            "kind": "prompt",
            "name": name.removeprefix("prompts/"),
            "version": f"1.{line['version']}.0",
            "owner": "author",
            "description": f"The pattern {line['pattern']}.",
            "tier": "low",
            "template": "none",
            "messages": [{"role": "system", "content": line["content"]}],
        }
    )


def _title(line: dict) -> str:
    """Subjects are one line of printable text, as a change's title has to be."""
    printable = "".join(c if c.isprintable() else " " for c in line["subject"])
    return printable[:200].strip() or f"Version {line['version']}"
