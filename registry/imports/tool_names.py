"""Names of tools, from regular expressions of other products to globs of ours.

LiteLLM asks whether the whole of a name fits a regular expression.  A rule here has
names in which `*` stands for any characters and `?` for one, so an expression
becomes as many names as it has ways, if each way is letters and wildcards: exactly
that, or nothing.  No tool has the end of a line in its name; `.` is any character.
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import Final

from registry.errors import Invalid
from registry.exports import charsets
from registry.exports.syntax import parse
from registry.exports.trees import Chain, Chars, Choice, Edge, Node, Place, Repeat
from registry.imports.patterns import for_re2, reads_otherwise
from registry.patterns import check_pattern

MAX_NAMES = 100
MAX_NAME_CHARS = 200
MAX_OF_SET = 16

_ANY: Final = "*"
_ONE: Final = "?"
_BEGINS: Final = "begins"
_ENDS: Final = "ends"
_PLACES = {Place.TEXT_BEGINS: _BEGINS, Place.TEXT_ENDS: _ENDS}

_Way = tuple[str, ...]
"""Characters, wildcards and ends, one after the other."""

_WILD = re.compile(r"[*?]+")
_GLOB = re.compile(r"[\w-]*[\w-][*?][\w*?-]*|[*?][\w*?-]*")


class NoGlob(Exception):
    """What *message* says keeps an expression from being names with wildcards."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def globs_of(pattern: str) -> tuple[str, ...]:
    """The names with wildcards that fit what the whole of *pattern* fits.

    Raises:
        NoGlob: There are none that fit exactly that.
    """
    if reads_otherwise(pattern):
        raise NoGlob("it names a set of characters")
    try:
        check_pattern(for_re2(pattern))
        tree = parse(for_re2(pattern), case_sensitive=True)
    except Invalid as error:
        raise NoGlob(str(error)) from None
    names = dict.fromkeys(filter(None, (_glob(way) for way in _ways(tree))))
    if not names:
        raise NoGlob("it fits no name")
    return tuple(names)


def looks_like_glob(pattern: str) -> bool:
    """Whether its author may have taken `*` for any characters."""
    return _GLOB.fullmatch(pattern) is not None


def _glob(way: _Way) -> str:
    parts = list(way)
    while parts and parts[0] == _BEGINS:
        del parts[0]
    while parts and parts[-1] == _ENDS:
        del parts[-1]
    if _BEGINS in parts or _ENDS in parts:
        raise NoGlob("it asks for an end within the name")
    name = re.sub(r"\*+", "*", "".join(parts))
    if len(name) > MAX_NAME_CHARS:
        raise NoGlob(f"a name would have more than {MAX_NAME_CHARS} characters")
    return name


def _ways(node: Node) -> list[_Way]:
    if isinstance(node, Chars):
        return list(_characters(node.ranges))
    if isinstance(node, Edge):
        if node.place not in _PLACES:
            raise NoGlob("it asks where a word or a line ends")
        return [(_PLACES[node.place],)]
    if isinstance(node, Choice):
        return _few(way for option in node.options for way in _ways(option))
    if isinstance(node, Chain):
        ways: list[_Way] = [()]
        for part in node.parts:
            ways = _joined(ways, _ways(part))
        return ways
    return _repeated(node)


def _repeated(node: Repeat) -> list[_Way]:
    part = _ways(node.part)
    if node.least > MAX_NAME_CHARS:
        raise NoGlob(f"a name would have more than {MAX_NAME_CHARS} characters")
    least: list[_Way] = [()]
    for _ in range(node.least):
        least = _joined(least, part)
    if node.most is None:
        if part != [(_ONE,)]:
            raise NoGlob("it repeats something as often as it likes")
        return [(*way, _ANY) for way in least]
    ways, longest = list(least), least
    for _ in range(node.most - node.least):
        longest = _joined(longest, part)
        ways = _few(iter([*ways, *longest]))
    return ways


def _joined(before: list[_Way], after: list[_Way]) -> list[_Way]:
    return _few((*one, *other) for one, other in product(before, after))


def _few(ways: Iterator[_Way]) -> list[_Way]:
    kept: list[_Way] = []
    for way in ways:
        if len(kept) >= MAX_NAMES:
            raise NoGlob(f"it stands for more than {MAX_NAMES} names")
        kept.append(way)
    return kept


def _characters(ranges: charsets.Ranges) -> Iterator[_Way]:
    if ranges in (charsets.ANYTHING, charsets.NOT_A_NEWLINE):
        yield (_ONE,)
        return
    if sum(high - low + 1 for low, high in ranges) > MAX_OF_SET:
        raise NoGlob("it names a set of characters")
    for low, high in ranges:
        for number in range(low, high + 1):
            if chr(number) in (_ANY, _ONE):
                raise NoGlob("it names a tool with a `*` or `?` in it")
            yield (chr(number),)


def called(glob: str) -> str:
    """A name that a tool could have and that *glob* fits."""
    if glob == _ANY:
        return "get_order"
    return _WILD.sub(_filled, glob)


def _filled(found: re.Match[str]) -> str:
    """A word where there is room for one, and as little as fits elsewhere."""
    wild, glob = found[0], found.string
    apart = found.start() > 0 and not glob[found.start() - 1].isalnum()
    if _ANY not in wild:
        return ("1" if found.end() == len(glob) else "_") * len(wild)
    if found.start() == 0:
        word = "get"
    elif apart or _ONE in wild:
        word = "order" if apart else "_order"
    else:
        word = ""
    return word.ljust(wild.count(_ONE), "s")


def overlap(one: str, other: str) -> bool:
    """Whether a name fits both globs."""
    held = {0}
    for part in (*one, ""):
        held = _closed(held, other, one_is_any=part == _ANY)
        if not part:
            break
        if part != _ANY:
            held = {
                at if other[at] == _ANY else at + 1
                for at in held
                if at < len(other) and (other[at] in (_ANY, _ONE, part) or part == _ONE)
            }
    return len(other) in held


def _closed(held: set[int], other: str, *, one_is_any: bool) -> set[int]:
    """Where in *other* one may be as well, without a character more of the first."""
    found = set(held)
    for at in range(min(held, default=0), len(other)):
        if at in found and (one_is_any or other[at] == _ANY):
            found.add(at + 1)
    return found
