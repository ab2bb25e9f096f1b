"""How changes stand in a list, and that the list fits a screen."""

import re
from datetime import UTC, datetime

import pytest
from rich.text import Text

from registry.cli import tables
from registry.cli.change_words import COLUMNS, row, stands
from registry.cli.waiting import WAITING, waiting_row
from registry.remote.changes import ChangeSummary
from registry.remote.reviews import Waiting

AT = datetime(2026, 12, 1, 8, tzinfo=UTC)


def change(**what) -> ChangeSummary:
    said = {
        "id": 42,
        "environment": "production",
        "type": "edit",
        "title": "Promote acme-bank/support from staging, with what it uses",
        "author": "author",
        "status": "waiting",
        "opened_at": AT,
        "expires": AT,
        "earliest": None,
        "revision": 1,
        "documents": ("prompts/acme-air/refunds",),
        "waiting_for": (),
        "blocks": (),
        "answers": "no answers were tested",
        "held_back": (),
        "is_overdue": False,
        "tier": "high",
        "decide_by": None,
    }
    return ChangeSummary(**(said | what))


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ({"waiting_for": ("risk", "legal")}, "waiting for risk, legal"),
        ({"status": "approved"}, "approved"),
        (
            {"status": "approved", "held_back": ("the check answers",)},
            "approved, waits for the check answers",
        ),
        (
            {"status": "scheduled", "earliest": AT},
            "scheduled for 2026-12-01 08:00 UTC",
        ),
        (
            {
                "status": "scheduled",
                "earliest": AT,
                "is_overdue": True,
                "held_back": ("the check answers", "the freeze quiet to end"),
            },
            "overdue since 2026-12-01 08:00 UTC, waits for the check answers; for "
            "the freeze quiet to end",
        ),
        (
            {"earliest": AT, "is_overdue": True, "waiting_for": ("risk",)},
            "overdue since 2026-12-01 08:00 UTC; waiting for risk",
        ),
        (
            {"status": "suspended", "earliest": AT, "is_overdue": True},
            "suspended, was due 2026-12-01 08:00 UTC",
        ),
        ({"status": "stale"}, "stale"),
    ],
)
def test_a_list_promises_no_more_than_an_activation_takes(what, told):
    assert stands(change(**what)) == told


@pytest.mark.parametrize("width", [80, 120])
def test_the_inbox_fits_a_screen_and_leaves_nothing_out(width: int):
    one = Waiting(
        kind="ratification",
        environment="production",
        subject="Ratify seq 3: Escalate at once (INC-7)",
        tier="high",
        since=AT,
        due=AT,
        is_late=True,
        change=9,
        ratification=29,
        document=None,
        voter=None,
        person=None,
        alert=None,
        bot=None,
        is_stalled=False,
        why="legal agrees where the tier is high: Needs 1 more from the seat legal.",
        asked=("legal",),
    )
    cells = [Text(cell) for cell in waiting_row(one)]

    told = tables.lay_out(WAITING, [cells], width).plain.split("\n")

    assert max(map(len, told)) <= width
    assert {*" ".join(cell.plain for cell in cells).split()} <= {
        *" ".join(told).split()
    }
    assert any("2026-12-01 08:00" in line for line in told)


@pytest.mark.parametrize("width", [80, 120])
def test_the_list_of_changes_fits_a_screen_and_leaves_nothing_out(width: int):
    one = change(waiting_for=("product", "risk", "legal", "board"))
    cells = [Text(str(cell)) for cell in row(one)]

    told = tables.lay_out(COLUMNS, [cells], width).plain.split("\n")

    assert max(map(len, told)) <= width
    words = re.split(r"[\s/]+", " ".join(told))
    for cell in cells:
        assert {*re.split(r"[\s/]+", cell.plain)} <= {*words}
    assert any("2026-12-01 08:00" in line for line in told)
