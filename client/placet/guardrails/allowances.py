"""How much the schemas of all rules may do for one text.

It is counted in nanoseconds that a slow machine would need at worst, and not by a
clock: an answer must not depend on how quick a machine is.
"""

from dataclasses import dataclass

from placet.guardrails.errors import CannotCheck

MAX_TEXT = 300_000_000
MAX_RULE = 100_000_000


@dataclass(slots=True)
class Allowance:
    """What rules spend in their order; what finds too little left is not done."""

    spent: int = 0

    def spend(self, nanoseconds: int) -> None:
        """Raises:
        CannotCheck: It would take too long, or what was done before took it all.
        """
        if nanoseconds > MAX_RULE:
            raise CannotCheck("checking the JSON with the schema would take too long")
        if self.spent + nanoseconds > MAX_TEXT:
            raise CannotCheck("checking the JSON with all schemas would take too long")
        self.spent += nanoseconds
