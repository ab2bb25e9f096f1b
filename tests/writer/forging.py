"""Somebody who rewrites a ledger: its events, its commits, and all that follows."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from registry import events
from registry.events import NOTHING_BEFORE, Event, path_of
from registry.names import digest_of
from tests.writer.hand import MAIN, Hand


@dataclass(frozen=True, kw_only=True)
class Act:
    """An event and the files that its commit writes."""

    event: Event
    files: dict[str, bytes | None]

    @property
    def body(self) -> bytes:
        return events.dump(self.event)


def copied(ledger: Path, folder: Path) -> Hand:
    """A clone to be forged in."""
    shutil.copytree(ledger, folder / "clone.git")
    return Hand(folder / "clone.git", folder / "clone-index")


def acts_of(hand: Hand) -> list[Act]:
    """Everything that is in the ledger, oldest first."""
    acts = []
    for number, commit in enumerate(hand.commits(), start=1):
        event = events.parse(
            hand.read("cat-file", "blob", f"{commit}:{path_of(number)}")
        )
        files = {
            edit.path: None
            if edit.digest is None
            else hand.read("cat-file", "blob", f"{commit}:{edit.path}")
            for edit in event.edits
        }
        acts.append(Act(event=event, files=files))
    return acts


def written(hand: Hand, acts: list[Act]) -> None:
    """Let `main` be these events: commits and SHA-1 are all as they should be."""
    stream = [b"reset %s\n" % MAIN.encode()]
    for mark, act in enumerate(acts, start=1):
        event = act.event
        handle = event.actor.handle.encode()
        seconds = int(event.at.timestamp())
        who = b"%s <%s@placet> %d +0000" % (handle, handle, seconds)
        text = event.message.encode()
        stream.append(
            b"commit %s\nmark :%d\nauthor %s\ncommitter %s\ndata %d\n%s\n"
            % (MAIN.encode(), mark, who, who, len(text), text)
        )
        if mark > 1:
            stream.append(b"from :%d\n" % (mark - 1))
        for path, data in {**act.files, path_of(event.number): act.body}.items():
            if data is None:
                stream.append(b"D %s\n" % path.encode())
            else:
                stream.append(
                    b"M 100644 inline %s\ndata %d\n%s\n"
                    % (path.encode(), len(data), data)
                )
    hand.git("update-ref", "-d", MAIN)
    hand.git("fast-import", "--quiet", "--force", given=b"".join(stream))


def rechained(acts: list[Act]) -> list[Act]:
    """The same with numbers and digests that follow one another."""
    previous, chained = NOTHING_BEFORE, []
    for number, act in enumerate(acts, start=1):
        event = replace(act.event, number=number, previous=previous)
        chained.append(replace(act, event=event))
        previous = digest_of(events.dump(event))
    return chained


def altered(act: Act) -> Act:
    """Somebody else has done it."""
    actor = replace(act.event.actor, handle="mallory")
    return replace(act, event=replace(act.event, actor=actor))
