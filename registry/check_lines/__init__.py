"""Check lines: what was looked at in a change, and what was found.

Each line says which check it is of, how it came out, and in one sentence what was
looked at; where something is wrong, in which document, on which line, and what to do.

    failed         a rule is broken; most of it was refused when it was proposed
    warned         nothing is broken, and it is worth a look
    not-measured   there was nothing that could have shown it
    passed

 * What an open change puts in place is looked at beside what is live now, on this
   day; what one that has ended did, beside what was live before it.
 * `references`, `cases`, `retirement` and `people` look at everything that would read
   differently; the others at what is edited.
 * A check that depends on the day or on who is there warns, and refuses nothing by
   itself: a policy can require it.

A check that a policy requires has to have passed: a warning, or nothing that was
measured, is not enough (see `registry.required_checks`).
"""

from registry.check_lines.attached import attached_lines
from registry.check_lines.lines import Line, LineState, in_order, shortened
from registry.check_lines.own import own_lines

__all__ = [
    "Line",
    "LineState",
    "attached_lines",
    "in_order",
    "own_lines",
    "shortened",
]
