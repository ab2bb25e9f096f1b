"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable

PATIENCE_S = 30.0


def wait_for(condition: Callable[[], object]) -> None:
    """Look again and again, with more patience than any machine needs."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)
