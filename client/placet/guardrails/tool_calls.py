"""Checks of the type `tool_call`: which tools may be called, and with what.

* A call fits the check if the tool's name fits one of `tools` and every path of
  `args` leads to an argument that the whole of its pattern matches.
* `decision: deny` triggers for a call that fits, `decision: allow` for every call
  that does not.  Each rule is decided alone: to allow several kinds of calls, put
  one `allow` check for each into an `all_of`, which triggers if none fits.
* In a tool's name `*` stands for any characters and `?` for one; case counts.
* A path is the names on the way to an argument, joined by dots; a number leads into
  a list, `*` to everything in a list or mapping. Where it leads to several values,
  one that matches is enough to deny, and it takes all of them to allow.
* An argument that is text is matched as it is, everything else as JSON; in these
  patterns `.` stands for line ends too.
* Text that is checked without a call is an error, which `on_error` decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from placet import shapes
from placet.guardrails.errors import CannotCheck
from placet.guardrails.findings import NOTHING, WHOLE, Found
from placet.guardrails.parameters import choice, known, mapping_or_empty, texts
from placet.guardrails.patterns import Regexp, compiled, compiled_long, escape
from placet.guardrails.regexes import check_work
from placet.guardrails.subjects import Subject, ToolCall, scalar_text
from placet.guardrails.texts import read
from placet.shapes import Object

MAX_VALUES = 1_000

_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCallCheck:
    tools: Sequence[Regexp]
    allows: bool
    args: Mapping[_Path, Regexp]

    @property
    def needs(self) -> None:
        return None

    def find(self, subject: Subject) -> Found:
        if subject.tool_call is None:
            raise CannotCheck("there is no tool call to check")
        fits = self._fits(subject.tool_call)
        return WHOLE if fits is not self.allows else NOTHING

    def _fits(self, call: ToolCall) -> bool:
        name = read(call.name).data
        return any(tool.fullmatch(name) for tool in self.tools) and all(
            self._argument_fits(call, path, regexp)
            for path, regexp in self.args.items()
        )

    def _argument_fits(self, call: ToolCall, path: _Path, regexp: Regexp) -> bool:
        values = list(islice(_values(call.arguments, path), MAX_VALUES + 1))
        if len(values) > MAX_VALUES:
            raise CannotCheck(f"a path leads to more than {MAX_VALUES:,} arguments")
        matches = (_matches(regexp, value) for value in values)
        return bool(values) and (all(matches) if self.allows else any(matches))


def open_tool_call(check: Object) -> ToolCallCheck:
    known(check, ("type", "tools", "decision", "args"), "a tool_call check")
    args = mapping_or_empty(check, "args")
    return ToolCallCheck(
        tools=[_glob(tool) for tool in texts(check, "tools")],
        allows=choice(check, "decision", ("allow", "deny")) == "allow",
        args={tuple(path.split(".")): _pattern(args, path) for path in args},
    )


def _pattern(args: Object, path: str) -> Regexp:
    pattern = shapes.text(args, path)
    compiled(pattern)  # by itself, so that it cannot close what is put around it
    return compiled_long(f"(?s:{pattern})", captures=False)


def _glob(tool: str) -> Regexp:
    pattern = escape(tool).replace(r"\*", ".*").replace(r"\?", ".")
    return compiled_long(f"(?s:{pattern})", captures=False)


def _matches(regexp: Regexp, value: object) -> bool:
    data = read(scalar_text(value)).data
    check_work(regexp.programsize, data)
    return regexp.fullmatch(data) is not None


def _values(value: object, path: _Path) -> Iterator[object]:
    """Everything that *path* leads to."""
    if not path:
        yield value
        return
    for inner in _inner(value, path[0]):
        yield from _values(inner, path[1:])


def _inner(value: object, name: str) -> Sequence[object]:
    if isinstance(value, Mapping):
        if name == "*":
            return list(value.values())
        return [value[name]] if name in value else []
    if not isinstance(value, (list, tuple)):
        return []
    if name == "*":
        return value
    index = int(name) if name.isascii() and name.isdecimal() and len(name) < 10 else -1
    return value[index : index + 1] if index >= 0 else []
