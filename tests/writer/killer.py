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


def step(*processes):
    """Count a step; is it the one, nothing after this line is done."""
    with open(STEPS, "ab") as steps:  # noqa: PTH123 (pathlib takes long to import)
        steps.write(b".")
        steps.flush()
        number = steps.tell()
    if number != AT:
        return
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
        step(git)
        git.stdin.write(line)
        git.stdin.flush()
        answer = b"" if line.startswith((b"update ", b"delete ")) else None
        if answer is None:
            answer = git.stdout.readline()
        step(git)
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
    git.stdin.close()
    return git.wait()


step()
if sys.argv[1:] == ["update-ref", "--stdin"]:
    status = update_references()
else:
    status = subprocess.run([REAL, *sys.argv[1:]], check=False).returncode
step()
sys.exit(status)
