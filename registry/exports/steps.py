"""How much of a machine one export may take, counted in steps and not by a clock.

So the same document always has the same export, on every machine.  A step takes
less than a millionth of a second, and there are two bounds:

 * One rule may take so much that it is not worth more.  It alone is left out.
 * All rules of a document together, in their order: whoever may read a document
   must not be able to keep a processor busy by asking for it.
"""

from registry.errors import NotExportable

MAX_OF_RULE = 1_500_000
MAX_OF_DOCUMENT = 3_000_000

INTRICATE = "its pattern is too intricate to be shown harmless"
ALL_INTRICATE = (
    "with the rules before it, its pattern is too intricate to be shown harmless; "
    "in a guardrail of its own it may be exported"
)


class Steps:
    """What is left for one document, and for one rule of it."""

    def __init__(
        self, of_document: int = MAX_OF_DOCUMENT, of_rule: int = MAX_OF_RULE
    ) -> None:
        self.taken = 0
        self._of_document, self._of_rule = of_document, of_rule
        self._rule_began = 0

    def next_rule(self) -> None:
        self._rule_began = self.taken

    def take(self, number: int) -> None:
        """Raises:
        NotExportable: There are not so many left.
        """
        if self.taken + number > self._of_document:
            raise NotExportable(ALL_INTRICATE)
        self.taken += number
        if self.taken - self._rule_began > self._of_rule:
            raise NotExportable(INTRICATE)
