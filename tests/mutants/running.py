"""Whether any test notices a mutant.

The tests are collected once and run once as they are, and it is noted which of them
reach which line.  Each mutant of a function is then put into the running program in
a child of this process, and only the tests that reach its line are run there, the
quickest first, until one fails.  A table is made again, with every one below it.
What else stands outside of every function is over when the module has been imported,
so that is tried in a child that imports it anew.

A mutant that never ends is noticed.
"""

import ast
import functools
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.mutations import Mutant

ARGUMENTS = ("-x", "-p", "no:cacheprovider", "--capture=no")
SLOW_S = 2.0
"""Tests that compute for longer are left out."""
TIMEOUT_S = 60


@dataclass(slots=True)
class Reached:
    """What the tests do without a mutant.

    Attributes:
        lines: By file and line the tests that reach it.
        seconds: How long each takes; those that fail or are slow are not in it.
    """

    lines: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def survivors(
    paths: dict[str, Path], found: Sequence[Mutant], tests: Sequence[str]
) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant, and whether it survived; *tests* are files."""
    inside = [one for one in found if one.function or one.assigned is not None]
    outside = [one for one in found if one not in inside]
    survived = _in_child(lambda: _run_inside(paths, inside, tests))
    seconds = dict(survived.pop())
    for mutant, lives in zip(inside, survived, strict=True):
        yield mutant, bool(lives)
    for mutant in outside:
        path = paths[mutant.module]
        yield mutant, _outlives(path, mutant, tests, seconds)


def _in_child(work: Callable[[], list]) -> list:
    """What *work* returns, from a child: what it imports is not imported here."""
    import json

    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            answer = json.dumps(work()).encode()
        except BaseException:  # noqa: BLE001 (whatever it is, somebody noticed)
            import traceback

            traceback.print_exc()
            os._exit(1)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if not answer:
        sys.exit("the tests could not be run")
    return json.loads(answer)


class _Steady:
    """A plugin: the same examples each time, and none left on the disk."""

    def pytest_sessionstart(self) -> None:
        from hypothesis import settings

        settings.register_profile(
            "mutants", derandomize=True, database=None, deadline=None, max_examples=15
        )
        settings.load_profile("mutants")


class _Session(_Steady):
    """A plugin: runs the tests once as they are, and then for each mutant."""

    def __init__(self, paths: dict[str, Path], found: Sequence[Mutant]) -> None:
        self.paths = {one: str(path) for one, path in paths.items()}
        self.found = found
        self.reached = Reached()
        self.survived: list[bool] = []
        self.functions: list[FunctionType] = []
        self.noticing: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        caches = [one for module in self.paths for one in _caches(module)]
        for item in session.items:
            for one in caches:  # or only the first test that asks would reach it
                one.cache_clear()
            self._try(item)
        self.functions = _functions()
        gc.collect()
        gc.freeze()
        for number, mutant in enumerate(self.found, 1):
            names = self._reaching(mutant)
            alive = not names or self._lives(mutant, [items[one] for one in names])
            self.survived.append(alive)
            if alive:
                reach = f"{len(names)} tests" if names else "no test reaches it"
                told = f"{number}/{len(self.found)} {mutant.lines[0]} {mutant.name}"
                print(f"  survives ({reach}): {told}", file=sys.__stderr__)
        return True

    def _try(self, item: pytest.Item) -> None:
        hit: set[tuple[str, int]] = set()
        files = set(self.paths.values())

        def lines(frame: FrameType, event: str, _: object) -> object:
            hit.add((frame.f_code.co_filename, frame.f_lineno))
            return lines

        def calls(frame: FrameType, event: str, _: object) -> object:
            return lines if frame.f_code.co_filename in files else None

        begun = time.process_time()  # the same tests on a machine that is busy
        sys.settrace(calls)
        try:
            reports = runtestprotocol(item, nextitem=None, log=False)
        finally:
            sys.settrace(None)
        took = time.process_time() - begun
        if any(one.failed for one in reports) or took > SLOW_S:
            self.reached.left_out.append(item.nodeid)
            return
        self.reached.seconds[item.nodeid] = took
        for one in hit:
            self.reached.lines.setdefault(one, set()).add(item.nodeid)

    def _reaching(self, mutant: Mutant) -> list[str]:
        path = self.paths[mutant.module]
        if mutant.function is None:
            hits = self.reached.lines.items()
            return self._in_order({n for (p, _), h in hits if p == path for n in h})
        for first, last in (mutant.lines, mutant.function):
            names = {
                name
                for line in range(first, last + 1)
                for name in self.reached.lines.get((path, line), ())
            }
            if names:
                return self._in_order(names)
        return []

    def _in_order(self, names: set[str]) -> list[str]:
        """What noticed something lately, and then the quickest."""
        lately = [one for one in reversed(self.noticing[-5:]) if one in names]
        seconds = self.reached.seconds
        others = sorted(names.difference(lately), key=lambda one: (seconds[one], one))
        return [*dict.fromkeys(lately), *others]

    def _lives(self, mutant: Mutant, items: list[pytest.Item]) -> bool:
        reading, writing = os.pipe()
        child = os.fork()
        if child:
            os.close(writing)
            with os.fdopen(reading) as pipe:
                noticed = pipe.read()
            _, status = os.waitpid(child, 0)
            self.noticing += [noticed] if noticed else []
            return status == 0
        _be_quiet()
        try:
            _replace(mutant, self.paths[mutant.module], self.functions)
            for item, after in zip(items, [*items[1:], None], strict=True):
                signal.alarm(TIMEOUT_S)
                reports = runtestprotocol(item, nextitem=after, log=False)
                if any(one.failed for one in reports):
                    os.write(writing, item.nodeid.encode())
                    os._exit(1)
        except BaseException:  # noqa: BLE001 (whatever it is, somebody noticed)
            os._exit(1)
        os._exit(0)


def _run_inside(
    paths: dict[str, Path], found: Sequence[Mutant], tests: Sequence[str]
) -> list:
    session = _Session(paths, found)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        status = pytest.main([*ARGUMENTS, *tests], plugins=[session])
    if len(session.survived) != len(found):
        raise RuntimeError(f"pytest ended with {status}")
    for name in session.reached.left_out:
        print(f"  left out, fails or is slow: {name}", file=sys.__stderr__)
    return [*session.survived, list(session.reached.seconds.items())]


def _caches(module: str) -> list["functools._lru_cache_wrapper[object]"]:
    held = vars(sys.modules[f"registry.{module}"]).values()
    return [one for one in held if isinstance(one, functools._lru_cache_wrapper)]


def _functions() -> list[FunctionType]:
    """Every function there is; nothing may be remembered of what one has said."""
    for one in gc.get_objects():
        cached = isinstance(one, functools._lru_cache_wrapper)
        if cached and str(one.__module__).startswith("registry"):
            one.cache_clear()
    return [one for one in gc.get_objects() if isinstance(one, FunctionType)]


def _replace(mutant: Mutant, path: str, functions: Sequence[FunctionType]) -> None:
    """Give every function of the module that exists the code of the mutant."""
    if mutant.function is None:
        _assign(mutant)
        return
    module = compile(mutant.tree, path, "exec")
    codes = {(c.co_qualname, c.co_firstlineno): c for c in _codes(module)}
    for one in functions:
        before = one.__code__
        if before.co_filename == path:
            after = codes.get((before.co_qualname, before.co_firstlineno))
            if after is not None and len(after.co_freevars) == len(before.co_freevars):
                one.__code__ = after


def _assign(mutant: Mutant) -> None:
    """Make a value of the module again, and each below that may be made of it."""
    home = vars(sys.modules[f"registry.{mutant.module}"])
    before = dict(home)
    for statement in mutant.tree.body[mutant.assigned :]:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            part = ast.Module(body=[statement], type_ignores=[])
            exec(compile(part, "mutant", "exec"), home)  # noqa: S102
    for module in list(sys.modules.values()):
        if not getattr(module, "__name__", "").startswith(("registry", "tests")):
            continue
        for name, value in list(vars(module).items()):
            if name in home and name in before and value is before[name]:
                setattr(module, name, home[name])


def _codes(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def _outlives(
    path: Path, mutant: Mutant, tests: Sequence[str], seconds: dict[str, float]
) -> bool:
    child = os.fork()
    if child == 0:
        _be_quiet()
        try:
            sys.meta_path.insert(0, _Finder(path, mutant))
            status = pytest.main([*ARGUMENTS, *tests], plugins=[_Quickest(seconds)])
        except BaseException:  # noqa: BLE001 (whatever it is, somebody noticed)
            os._exit(1)
        os._exit(0 if status == pytest.ExitCode.OK else 1)
    _, status = os.waitpid(child, 0)
    if status == 0:
        told = f"{mutant.lines[0]} {mutant.name}"
        print(f"  survives (imported anew): {told}", file=sys.__stderr__)
    return status == 0


class _Quickest(_Steady):
    """A plugin: the quickest tests first, and only those that pass by themselves."""

    def pytest_runtest_setup(self) -> None:
        signal.alarm(TIMEOUT_S)

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds = seconds

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (one for one in items if one.nodeid in self.seconds),
            key=lambda one: self.seconds[one.nodeid],
        )


class _Finder(importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader):
    """Imports one module as its mutant."""

    def __init__(self, path: Path, mutant: Mutant) -> None:
        super().__init__(f"registry.{mutant.module}", str(path))
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.mutant.tree, self.path, "exec")


def _be_quiet() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
