"""`placet serve --model-keys`: which models can be asked from here, and with what."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.errors import Invalid, NotFound

if TYPE_CHECKING:  # it brings TLS
    from registry.models import Models

OTHERS = 0o007
MAX_BYTES = 2**20

ModelKeys = Annotated[
    Path | None,
    typer.Option(
        "--model-keys",
        metavar="FILE",
        envvar="PLACET_MODEL_KEYS",
        help="Endpoints of models and their keys, to try prompts; private.",
    ),
]


def models_of(file: Path | None) -> "Models":
    """Raises:
    NotFound: The file cannot be read.
    Invalid: It is no such file, or has a key in it and others can read it.
    """
    from registry.models import Models, has_keys, parse_endpoints

    if file is None:
        return Models({})
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            source = opened.read(MAX_BYTES)
    except OSError as error:
        raise NotFound(
            f"{file} cannot be read: {error.strerror}",
            hint="Name the file of keys; docs/bindings.md has its form.",
        ) from error
    if has_keys(source) and mode & OTHERS:
        raise Invalid(
            f"{file} has keys in it, and everybody on this machine can read it",
            hint=f"Say `chmod 600 {file}`, or name variables with key_from.",
        )
    return Models(parse_endpoints(source, os.environ))
