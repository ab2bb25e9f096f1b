"""The tree after any sequence of edits, compared with a dictionary."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.errors import Invalid
from registry.events import path_of
from registry.ledger import Ledger
from tests.ledger.reading import files_at

NAMES = st.lists(st.sampled_from(["a", "b", "c.yaml"]), min_size=1, max_size=3)
EDITS = st.dictionaries(
    NAMES.map("/".join), st.none() | st.binary(max_size=20), max_size=4
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(EDITS, min_size=1, max_size=6))
def test_the_tree_is_what_the_accepted_edits_make(tmp_path_factory, entry, history):
    path = tmp_path_factory.mktemp("model") / "ledger.git"
    model: dict[str, bytes] = {}
    number = 1

    with Ledger.create(path, scratch=True) as ledger:
        for edits in history:
            try:
                ledger.append(entry(number, edits), expected=ledger.head())
            except Invalid:
                assert not fits(model, edits)
            else:
                assert fits(model, edits)
                model |= edits | {path_of(number): b'{"number":%d}' % number}
                model = {path: data for path, data in model.items() if data is not None}
                number += 1

        assert number == 1 or dict(files_at(ledger, ledger.head(), model)) == model
        assert len(list(ledger.history())) == number - 1


def fits(model, edits) -> bool:
    """Whether only files are deleted, and no path is both a file and a folder."""

    def under(path, paths) -> bool:
        return any(other.startswith(f"{path}/") for other in paths)

    return all(
        not under(path, edits)
        and (
            path in model
            if data is None
            else not under(path, model)
            and not any(under(file, [path]) for file in model)
        )
        for path, data in edits.items()
    )
