"""What comes of reading a file of another project.

* What has a place here becomes a document; what has none is a leftover, told in
  one plain sentence.
* Nothing is guessed in silence: what was assumed is a leftover too.
* A file that cannot be read at all, or only with another meaning, is refused with
  `Invalid`.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from registry.errors import Invalid
from registry.names import Ref

_LISTED = 30


class Format(StrEnum):
    """The formats that are read, as `--format` names them."""

    DOTPROMPT = "dotprompt"
    PROMPTY = "prompty"
    PROMPT_YML = "prompt-yml"
    SKPROMPT = "skprompt"
    JINJA = "jinja"
    TEXT = "text"
    LITELLM_CATEGORY = "litellm-category"
    LITELLM_PATTERNS = "litellm-patterns"
    LITELLM_PROXY = "litellm-proxy"
    NEMO = "nemo"
    WORDS = "words"


class UnknownFormat(Invalid):
    """A file is in no format that is read."""

    hint = "If it is in one that is read, name it: --format " + ", ".join(Format) + "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What whoever imports says of the documents that come of a file.

    Attributes:
        name: The document's name.
        owner: The handle of who will answer for it.
    """

    name: str
    owner: str
    version: str


@dataclass(frozen=True, slots=True, order=True)
class Leftover:
    """Something that was not carried over, or was assumed.

    Attributes:
        where: Where it stands in the file, in the file's own words; or the rules
            that it is about; empty for the file as a whole.
    """

    where: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file comes to.

    Attributes:
        documents: YAML texts, each of them right in itself.
        leftovers: In the order of the file.
    """

    format: Format
    documents: tuple[tuple[Ref, str], ...]
    leftovers: tuple[Leftover, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """Leftovers as they are found; each is told once.

    What is the same for several rules comes last, with their ids.
    """

    _found: dict[Leftover, None] = field(default_factory=dict)
    _shared: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, where: str, message: str) -> None:
        self._found.setdefault(Leftover(where, message))

    def add_of(self, rule: str, message: str) -> None:
        """Tell of *rule* what may be told of others too."""
        self._shared.setdefault(message, {}).setdefault(rule)

    @property
    def leftovers(self) -> tuple[Leftover, ...]:
        shared = (
            Leftover(_listed(rules), told) for told, rules in self._shared.items()
        )
        return *self._found, *shared


def _listed(rules: Iterable[str]) -> str:
    names = list(rules)
    if len(names) == 1:
        return names[0]
    more = len(names) - _LISTED
    shown = ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")
    return f"{len(names)} rules ({shown})"


Reader = Callable[[str, Asked, Notes], tuple[tuple[Ref, str], ...]]
"""Reads one format: text in, documents out."""


def but(said: Iterable[str], known: Container[str]) -> list[str]:
    """The keys that are not known, in the order of the file."""
    return [key for key in said if key not in known]


def refused(message: str, hint: str) -> Invalid:
    """The error of a file that cannot be carried over."""
    return Invalid(message, hint=hint)
