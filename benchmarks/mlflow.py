"""MLflow's prompt registry, to be read from: installed into an environment of its own.

Its own client asks four times for a prompt by its alias. Here it is asked once, for the
version that the alias names, whose answer has the text.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load import free_port, running

ROOT = Path(__file__).parents[1]
BIN = ROOT / ".venv-bench" / "mlflow" / "bin"
"""Where `make bench` installs it."""

ALIAS = "/api/2.0/mlflow/registered-models/alias?name=refunds&alias=production"

_REGISTER = """
import sys
import mlflow

mlflow.set_tracking_uri(sys.argv[1])
prompt = mlflow.genai.register_prompt(name="refunds", template="x" * int(sys.argv[2]))
mlflow.genai.set_prompt_alias("refunds", alias="production", version=prompt.version)
"""


@contextmanager
def mlflow(folder: Path, chars: int) -> Iterator[int]:
    """A server of one worker on SQLite with a prompt of *chars*; its port."""
    folder.mkdir()
    port = free_port()
    server = f"http://127.0.0.1:{port}"
    told = {"HOME": str(folder), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    told |= {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
    command = [str(BIN / "mlflow"), "server", "--workers", "1", "--port", str(port)]
    command += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db"]
    command += ["--uvicorn-opts", "--log-level warning"]  # or it writes a line a read
    with running(command, port, env=told, quiet=True):
        subprocess.run(
            [str(BIN / "python"), "-c", _REGISTER, server, str(chars)],
            check=True,
            capture_output=True,
            env=told,
        )
        yield port
