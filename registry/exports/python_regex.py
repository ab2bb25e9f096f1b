"""What a check says, as one pattern for Python's `re.search`."""

from registry.exports.backtracking import is_slow
from registry.exports.dialects import Dialect, write
from registry.exports.said import AllFit, AnyFits, Fits, Said
from registry.exports.steps import Steps

SLOW = (
    "On a very long text made for it this can take the other engine minutes; "
    "Placet's own needs no longer than for any other text."
)


def searched(stated: Said, told: list[str], steps: Steps) -> str:
    """A pattern that is found in exactly the texts that *stated* is about.

    Args:
        told: Gets what is lost.

    Raises:
        NotExportable: Python's engine cannot say it, or could be stopped by it.
    """
    slow = [is_slow(fits.node, steps) for fits in _fits(stated)]
    if any(slow):
        told.append(SLOW)
    return _search(stated)


def excluded(pattern: str) -> str:
    """A pattern that is found in exactly the texts in which *pattern* is not."""
    return rf"\A(?![\s\S]*?(?:{pattern}))"


def _search(stated: Said) -> str:
    if isinstance(stated, Fits):
        return write(stated.node, Dialect.PYTHON)
    if isinstance(stated, AnyFits):
        return "|".join(f"(?:{_search(part)})" for part in stated.parts)
    return r"\A" + "".join(_somewhere(part) for part in stated.parts)


def _somewhere(stated: Said) -> str:
    return rf"(?=[\s\S]*?(?:{_search(stated)}))"


def _fits(stated: Said) -> list[Fits]:
    if isinstance(stated, Fits):
        return [stated]
    return [fits for part in stated.parts for fits in _fits(part)]


def covers_text(stated: Said) -> bool:
    """Whether what is found is what the check found, and not only that it did."""
    if isinstance(stated, AllFit):
        return False
    return isinstance(stated, Fits) or all(map(covers_text, stated.parts))
