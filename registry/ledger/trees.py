"""Trees that were pushed: what they change, read as they are stored.

git's own listings mend what they show: a mode that it does not know is shown as
the one that it is taken for, and a folder in a folder in a folder is followed as
deep as it goes.  So the trees are read here, byte for byte, level by level, beside
those of what is live, and only where the two differ.  Each entry that differs is
checked before anything below it is looked at, and no object is read before its
size is known.

One tree can stand in many places, and the places can stand in many more: a few bytes
that come to millions of folders.  So a folder is counted when it is met, a tree weighs
as often as it stands somewhere, and reading ends at the first one too many.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from registry.errors import Invalid, TooLarge
from registry.ledger.objects import Found, look_up, read
from registry.ledger.processes import Processes
from registry.pushes import check_count, check_entry

MAX_LEVEL_BYTES = 16 * 2**20
MAX_FOLDERS = 10_000

_ENTRY = re.compile(rb"([0-7]{1,7}) ([^\0]+)\0(.{20})", re.DOTALL)
_HINT = "Documents are plain files such as prompts/acme-air/refunds.yaml."


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: bytes
    id: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """A folder on both sides; the ids of its trees, None where there is none."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that differs: the ids of its texts, None where there is none."""

    path: str
    before: str | None
    after: str | None


def differences(
    processes: Processes, before: str | None, after: str
) -> Iterator[Changed]:
    """The files that differ between two trees.

    Args:
        before: A tree of ours; None for an empty one.
        after: A tree of a stranger.

    Raises:
        Invalid: It holds something that no document is.
        TooLarge: It changes more than one change may.
    """
    level = [_Pair("", before, after)]
    files = folders = 0
    while level:
        below: list[_Pair] = []
        for found in _level(processes, level):
            if isinstance(found, _Pair):
                folders += 1
                if folders > MAX_FOLDERS:
                    raise TooLarge(
                        f"the push changes more than {MAX_FOLDERS:,} folders",
                        hint=_HINT,
                    )
                below.append(found)
            else:
                files += 1
                check_count(files)
                yield found
        level = below


def sizes(processes: Processes, names: Iterable[str], type: str) -> dict[str, int]:
    """How many bytes each object has.

    Raises:
        Invalid: One is missing, or of another type.
    """
    wanted = sorted(set(names))
    found = {one.id: one for one in _all(look_up(processes, wanted), wanted)}
    for one in found.values():
        if one.type != type:
            raise Invalid(f"the push has a {one.type} where a {type} belongs")
    return {name: one.size for name, one in found.items()}


def read_all(processes: Processes, names: Iterable[str]) -> Iterator[Found]:
    """Each object once, with its contents; only of those whose sizes are known."""
    wanted = sorted(set(names))
    return _all(read(processes, wanted), wanted)


def _level(processes: Processes, pairs: Sequence[_Pair]) -> Iterator[_Pair | Changed]:
    named = Counter(
        name for pair in pairs for name in (pair.before, pair.after) if name
    )
    trees = _read_trees(processes, named)
    for pair in pairs:
        before = trees[pair.before] if pair.before else {}
        after = trees[pair.after] if pair.after else {}
        for name in sorted(before.keys() | after.keys()):
            was, will = before.get(name), after.get(name)
            if was != will:
                yield from _differs(_path(pair.path, name), was, will)


def _differs(
    path: str, was: _Entry | None, will: _Entry | None
) -> Iterator[_Pair | Changed]:
    """A folder may have come in the place of a file, or the other way round."""
    was_folder = was is not None and was.mode == b"40000"
    will_folder = will is not None and check_entry(path, will.mode)
    if was_folder or will_folder:
        yield _Pair(
            path,
            was.id if was and was_folder else None,
            will.id if will and will_folder else None,
        )
    old = was.id if was and not was_folder else None
    new = will.id if will and not will_folder else None
    if old or new:
        yield Changed(path, old, new)


def _read_trees(
    processes: Processes, named: Mapping[str, int]
) -> dict[str, Mapping[bytes, _Entry]]:
    """Each tree once.

    Args:
        named: How often each stands somewhere; its entries are gone through as often.
    """
    found = sizes(processes, named, "tree")
    if sum(size * named[name] for name, size in found.items()) > MAX_LEVEL_BYTES:
        raise TooLarge("the folders in the push are too large", hint=_HINT)
    return {one.id: _entries(one.data) for one in read_all(processes, found)}


def _entries(tree: bytes) -> dict[bytes, _Entry]:
    entries: dict[bytes, _Entry] = {}
    at = 0
    while at < len(tree):
        found = _ENTRY.match(tree, at)
        if found is None or found[2] in entries:
            raise Invalid(
                "a folder in the push is damaged, or has one name twice", hint=_HINT
            )
        entries[found[2]] = _Entry(found[1], found[3].hex())
        at = found.end()
    return entries


def _path(folder: str, name: bytes) -> str:
    try:
        text = name.decode()
    except UnicodeDecodeError:
        raise Invalid(
            f"the name {name[:60]!r} in the push is not UTF-8", hint=_HINT
        ) from None
    return f"{folder}/{text}" if folder else text


def _all(found: Iterator[Found | None], names: Sequence[str]) -> Iterator[Found]:
    for name, one in zip(names, found, strict=True):
        if one is None:
            raise Invalid(
                f"the push does not bring {name}, which it needs",
                hint="Fetch everything (`git fetch --unshallow`), then push again.",
            )
        yield one
