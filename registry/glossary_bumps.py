"""What changes between two versions of a glossary mean for whoever includes it.

* major: a term was removed; what relied on its meaning relies on nothing.
* minor: a term was added, or means something else, or has other synonyms or
  words to avoid.  Whether new words for a meaning change the meaning only people
  can tell, so that every new definition counts.
* patch: who answers for a term, and from when until when it holds.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from registry.bump_reasons import Judge, Reason, judge_listed, minor, patch, shown
from registry.values import Json, same

_MEANING = ("definition", "synonyms", "avoid")
"""What a term's text is made of."""


def _term(was: Mapping[str, Json], will: Mapping[str, Json]) -> Iterator[Reason]:
    term = shown(was["term"])
    changed = [part for part in _MEANING if not same(was.get(part), will.get(part))]
    if changed:
        yield minor(f"the {' and '.join(changed)} of `{term}` changed")
    else:
        yield patch(f"when `{term}` holds, or who says so, changed")


JUDGES: dict[str, Judge] = {
    "terms": partial(judge_listed, what="term", key="term", became=_term)
}
