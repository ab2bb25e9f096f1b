"""Exports: a document in the format of another product, with what is lost on the way.

* An export says the same as the document, or it says less and tells.  What it says
  of less is a `Loss`: one sentence for whoever must decide whether it will do.
* A rule that cannot be carried over is left out, and its loss says so.  If nothing
  is left, there is no export: an empty one would load everywhere, and guard nothing.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What an export does not say, or says otherwise.

    Attributes:
        rule: The rule's id, or the part of another document; empty if it is about
            all of it.
        message: One sentence that needs no knowledge of the format.
    """

    rule: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A document as another product reads it.

    Attributes:
        file_name: What to call it in a folder, without the folder.
        losses: In the order of the document.
    """

    format: str
    media_type: str
    file_name: str
    text: str
    losses: tuple[Loss, ...]
