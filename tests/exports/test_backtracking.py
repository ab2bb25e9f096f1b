"""What could stop an engine that backtracks is refused, and what is not ends."""

import json
import re
import subprocess
import sys
from itertools import product

import pytest

from registry.errors import NotExportable
from registry.exports.backtracking import is_slow
from registry.exports.dialects import Dialect, write
from registry.exports.steps import Steps
from registry.exports.syntax import parse

EXPLODING = {
    "^(a+)+$": "a" * 60 + "!",
    "(?:a|a)*b": "a" * 60,
    "(?:a|ab|b)*c": "ab" * 60,
    "(a*)*b": "a" * 60,
    "(?:x+x+)+y": "x" * 60,
    r"(\w+\s?)*z": "a" * 60 + "!",
    "(a(?:b?|c?))*d": "a" * 60,
    "(a?){40}a{40}": "a" * 40,
    "([a-z]{1,60})+!": "a" * 60,
    "(.*)*x": "a" * 60,
    "[a-z]+@|(a+)+!": "a" * 60,
    "(?i)(?:[a-z]x?|K)*9": "k" * 60,
    "(?:[^b]y?|[a-c])*!": "a" * 60,
}
GROWING = {
    "a*a*b": "a" * 20_000,
    ".*foo.*bar": "foo" * 7_000,
    "(?s).*?x.*?y": "x" * 20_000,
    r"(\w+\s?){0,5}z": "a" * 20_000,
    ".{0,100}.{0,100}.{0,100}x": "a" * 20_000,
}
SLOW = {
    "[a-z]+@": "a" * 10_000,
    r"\s+foo": " " * 10_000,
    "(?:[a-z]+-)*x": "a" * 10_000,
    "([a-z]{16})+!": "a" * 10_000,
    "(?:a|b)*c": "ab" * 5_000,
}
QUICK = [
    "AKIA[0-9A-Z]{16}",
    "AKIA.*",
    '"[^"]*"',
    "^a*b",
    r"\A\s*a+\s*\z",
    "(?:[0-9a-f]{2}:){15}[0-9a-f]{2}",
    "(?i)ignore (?:all )?(?:previous|prior) instructions",
    "(?:a|a){8}b",
    "cat|dog|" + "|".join(map(str, range(3_000))),
]
SEARCH = """
import json, re, sys
pattern, text = json.loads(sys.stdin.read())
re.search(pattern, text)
"""


def is_slow_(node):
    return is_slow(node, Steps())


def tree(pattern):
    return parse(pattern, case_sensitive=True)


def ends(pattern: str, text: str, within_s: float) -> bool:
    """Whether Python's own engine is done with it in time, in another process."""
    written = write(tree(pattern), Dialect.PYTHON)
    try:
        subprocess.run(
            [sys.executable, "-c", SEARCH],
            input=json.dumps([written, text]),
            text=True, check=True, timeout=within_s,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return True


@pytest.mark.parametrize("pattern", EXPLODING)
def test_a_loop_that_goes_round_in_two_ways_is_refused(pattern):
    with pytest.raises(NotExportable, match=r"twice as many ways|may be nothing"):
        is_slow_(tree(pattern))


@pytest.mark.parametrize("pattern", GROWING)
def test_loops_that_multiply_are_refused(pattern):
    with pytest.raises(NotExportable, match="one after the other"):
        is_slow_(tree(pattern))


@pytest.mark.parametrize("pattern", SLOW)
def test_one_loop_that_is_looked_for_everywhere_is_told(pattern):
    assert is_slow_(tree(pattern))


@pytest.mark.parametrize("pattern", QUICK)
def test_what_is_done_in_one_go_is_neither(pattern):
    assert not is_slow_(tree(pattern))


@pytest.mark.slow
@pytest.mark.parametrize("pattern", [*EXPLODING, *GROWING])
def test_what_is_refused_does_stop_the_engine(pattern):
    assert not ends(pattern, {**EXPLODING, **GROWING}[pattern], within_s=2)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", [*SLOW, *QUICK])
def test_what_is_not_refused_ends(pattern):
    assert ends(pattern, SLOW.get(pattern, "a" * 10_000), within_s=60)


@pytest.mark.slow
def test_every_small_pattern_that_is_not_refused_ends():
    """All of a few thousand: loops in loops, choices in loops, loops in a row."""
    atoms = ["a", "b", "[ab]", "a?", "a*", "a+b", "a|b", "a|[ab]", "ab?", "(?:ab)*"]
    loops = ["(?:{})*", "(?:{})+", "(?:{}){{1,9}}", "(?:{}){{0,12}}"]
    texts = [first * 50 + last for first in ("a", "b", "ab") for last in ("", "!")]
    refused, patterns = 0, []
    for one, other, loop in product(atoms, atoms, loops):
        for inner in (f"{one}{other}", f"(?:{one})|{other}"):
            pattern = loop.format(inner) + "c"
            try:
                is_slow_(tree(pattern))
            except NotExportable:
                refused += 1
            else:
                patterns.append(write(tree(pattern), Dialect.PYTHON))

    run = "import json,re,sys\nfor p,t in json.load(sys.stdin): re.search(p,t)"
    subprocess.run(
        [sys.executable, "-c", run],
        input=json.dumps(list(product(patterns, texts))),
        text=True, check=True, timeout=120,
    )  # fmt: skip

    assert refused > 100
    assert len(patterns) > 100


def test_a_pattern_that_takes_too_long_to_judge_is_refused():
    inner = "|".join(f"[a-z]{{{n}}}[0-9a-f]?" for n in range(2, 40))

    with pytest.raises(NotExportable):
        is_slow_(tree(f"(?:{inner})*!"))


def test_what_is_written_compiles_without_a_word():
    for pattern in [*EXPLODING, *GROWING, *SLOW, *QUICK]:
        re.compile(write(tree(pattern), Dialect.PYTHON))
