"""What an error tells beside its sentence: each mistake, and what would mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """Something that keeps a change from going live, and what would meet it.

    Attributes:
        requirement: What it is called; for an objection, whose it is.
        seat: Who is asked; `None` for nobody, and for anybody.
        could: Who could meet it.
    """

    requirement: str
    seat: str | None
    why: str
    could: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong with a document, and how to mend it.

    Attributes:
        line: 1-based; 0 when it concerns the document as a whole.
        where: JSON Pointer of the value, `""` for the whole document.
        rule: `hidden-text` or `secrets` if one of those found it; else empty.
    """

    line: int
    where: str
    message: str
    hint: str
    rule: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.message} ({self.hint})"
