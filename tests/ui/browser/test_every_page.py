"""Every page, in both themes and both widths: it works, it can be read, it is kept.

The pictures are in `var/screenshots`, for people to look at.
"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.ui.world import DRAWN, overflow

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / "var" / "screenshots"
PAGES = {
    "inbox": "/",
    "changes": "/change",
    "live": "/live",
    "time": "/time",
    "catalogue": "/catalogue",
    "ledger": "/ledger",
    "propose": "/propose",
    "playground": "/playground",
    "policy": "/policy",
}
SERIOUS = {"serious", "critical"}
WIDTHS = {"wide": (1280, 800), "narrow": (390, 844)}

pytestmark = pytest.mark.slow


def wait(page):
    page.locator(DRAWN).wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)


def serious(page) -> list[str]:
    """What axe-core finds that keeps somebody from using the page."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:200]})"
        for one in found
        if one["impact"] in SERIOUS
    ]


def waiting_change(demo) -> int:
    """One that takes the most agreement."""
    found = demo["viewer"].changes.list(environment="production", status="waiting")
    return max(found, key=lambda one: len(one.waiting_for)).id


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [*PAGES, "change"])
def test_a_page_can_be_used_by_everybody(seat, demo, name, width, theme):
    across, down = WIDTHS[width]
    size = {"width": across, "height": down}
    one = seat("risk", of=demo, viewport=size, color_scheme=theme)
    path = PAGES.get(name) or f"/change?id={waiting_change(demo)}"
    page = one.opens(path)
    wait(page)

    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{width}-{theme}.png")

    assert page.locator("[data-testid=stAlertContentError]").count() == 0
    assert page.locator("[data-testid=stException]").count() == 0
    assert serious(page) == []
    assert overflow(page) == 0
