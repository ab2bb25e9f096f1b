"""The power is cut right after anything was flushed: `power.py` says what is left."""

import json
import shutil
import sys

import pytest

from registry.writer import Home
from tests.writer.power import Survives, cuts
from tests.writer.test_crashes import ACTS, SQLITE, Trial, check, trials

__all__ = ["trials"]

pytestmark = [pytest.mark.slow, pytest.mark.deep]

WRITER = """
import json
import sys
from tests.writer.crashing import write

write(json.loads(sys.argv[1]))
"""


@SQLITE
@pytest.mark.parametrize("survives", Survives)
@pytest.mark.parametrize("first", [(), (["repack"],)], ids=["", "repacking"])
def test_what_was_told_is_there_when_the_power_is_back(
    first, survives, trials, clock, tmp_path
):
    if shutil.which("strace") is None:
        pytest.skip("strace is not on this machine")
    trial = trials()
    told = {"home": str(trial.home.path), "database": None, "log": str(trial.log)}
    told |= {"acts": [[*first, *ACTS]], "kill_at": 0, "opening": False}
    command = [sys.executable, "-c", WRITER, json.dumps(told)]

    number = 0
    for number, cut in enumerate(cuts(command, trial.home.path, trial.log), start=1):
        left = Trial(
            home=Home(path=tmp_path / f"cut-{number}"),
            log=tmp_path / f"cut-{number}.log",
        )
        cut.leave(survives, left.home.path)
        left.log.write_text(cut.told)
        check(left, clock)

    assert number > 5
    assert cut.told
