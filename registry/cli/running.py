"""Running a program of the user's own on a bundle, as `git bisect run` does.

It gets the file of the bundle as its last argument and as PLACET_BUNDLE, and
PLACET_BOT, PLACET_ENVIRONMENT and PLACET_SEQ; it runs in the folder of the case's
file, and without the token.  Its exit status says what came of it: 0 good, 1 to 124
bad, 125 skip; anything else ends the search, since it says nothing.
"""

import os
import signal
import subprocess
import tempfile
from pathlib import Path

from registry.bisection import Verdict
from registry.bot_cases import CommandCase, Judged
from registry.errors import Invalid, NotFound

SKIP = 125
SECRETS = {"PLACET_TOKEN"}
LAST_BYTES = 4096
MAX_WHY = 200


def run(
    case: CommandCase,
    folder: Path,
    body: bytes,
    *,
    environment: str,
    bot: str,
    seq: int,
) -> Judged:
    """Raises:
    NotFound: There is no such program, or it cannot be run.
    Invalid: It took too long, or ended in a way that says nothing.
    """
    with tempfile.TemporaryDirectory(prefix="placet-") as scratch:
        bundle = Path(scratch) / "bundle.json"
        bundle.write_bytes(body)
        env = {k: v for k, v in os.environ.items() if k not in SECRETS} | {
            "PLACET_BUNDLE": str(bundle),
            "PLACET_BOT": bot,
            "PLACET_ENVIRONMENT": environment,
            "PLACET_SEQ": str(seq),
        }
        status, said = _run(case, folder, bundle, env)
    if not 0 <= status <= SKIP:
        raise Invalid(
            f"{case.command[0]} ended with {status} at seq {seq}{_with(said)}",
            hint="0 says good, 1 to 124 bad, 125 that it cannot be judged.",
        )
    if status == SKIP:
        return Judged(verdict=Verdict.SKIP, why=said or "it ended with 125")
    verdict = Verdict.BAD if status else Verdict.GOOD
    return Judged(verdict=verdict, why=said or f"it ended with {status}")


def _run(
    case: CommandCase, folder: Path, bundle: Path, env: dict[str, str]
) -> tuple[int, str]:
    """The exit status, and the last line that was said."""
    with tempfile.TemporaryFile() as output:
        try:
            running = subprocess.Popen(  # noqa: S603 (it is the user's own)
                [*case.command, str(bundle)],
                cwd=folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise NotFound(
                f"{case.command[0]} cannot be run: {error.strerror}",
                hint=f"It is looked for from {folder}; it has to be executable.",
            ) from error
        try:
            status = running.wait(case.timeout_s)
        except BaseException as error:
            # With what it has started itself, which would otherwise go on.
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            raise Invalid(
                f"{case.command[0]} did not end within {case.timeout_s} s",
                hint="Give `timeout_s` in the case, or have it do less.",
            ) from error
        size = output.seek(0, os.SEEK_END)
        output.seek(max(0, size - LAST_BYTES))
        lines = output.read().decode("utf-8", "replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return status, said[-1][:MAX_WHY] if said else ""


def _with(said: str) -> str:
    return f": {said}" if said else ""
