"""A `git` that kills: it counts the steps of every git process, and at one of them
kills whoever called it (KILL=caller) or itself with the real git (KILL=git).

Beginning and ending are steps; of `update-ref`, which is kept running, each command
that it gets is one, before git has it and after git has answered.
"""

import os
import signal
import subprocess
import sys

REAL, STEPS, AT = os.environ["REAL_GIT"], os.environ["STEPS"], int(os.environ["AT"])


def step():
    """Count a step; whether it is the one."""
    with open(STEPS, "ab") as steps:  # noqa: PTH123 (pathlib takes long to import)
        steps.write(b".")
        steps.flush()
        return steps.tell() == AT


def kill(*processes):
    for process in processes:
        process.kill()
        process.wait()
    victim = os.getppid() if os.environ["KILL"] == "caller" else os.getpid()
    os.kill(victim, signal.SIGKILL)
    os._exit(1)


def update_references():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    git = subprocess.Popen([REAL, *sys.argv[1:]], **pipes)
    for line in sys.stdin.buffer:
        if step():
            kill(git)
        git.stdin.write(line)
        git.stdin.flush()
        silent = line.startswith((b"update ", b"delete "))
        answer = b"" if silent else git.stdout.readline()
        if step():
            kill(git)
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()


if step():
    kill()
if sys.argv[1:] == ["update-ref", "--stdin"]:
    update_references()
elif step():
    subprocess.run([REAL, *sys.argv[1:]], check=False)
    kill()
else:
    os.execv(REAL, [REAL, *sys.argv[1:]])  # noqa: S606
