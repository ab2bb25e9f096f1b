"""The JSON Schemas of documents, one file a kind: data only.

A kind without a file is a kind that this registry does not take yet.
"""

from importlib import resources

from registry.errors import Invalid
from registry.names import Kind


def read(kind: Kind) -> bytes:
    """Return the schema's JSON text, as it is served at `/schemas/{kind}.json`.

    Raises:
        Invalid: This registry does not take documents of that kind yet.
    """
    if kind not in taken():
        names = ", ".join(each.plural for each in taken())
        raise Invalid(
            f"this registry does not take {kind.plural} yet", hint=f"It takes {names}."
        )
    return _FOLDER.joinpath(f"{kind}.json").read_bytes()


def read_policy() -> bytes:
    """Return the JSON text of a policy's schema, which is no kind of document."""
    return _FOLDER.joinpath("policy.json").read_bytes()


def read_case() -> bytes:
    """Return the JSON text of the schema of a case about a bot."""
    return _FOLDER.joinpath("case.json").read_bytes()


def taken() -> tuple[Kind, ...]:
    """Return the kinds that this registry takes."""
    return tuple(kind for kind in Kind if _FOLDER.joinpath(f"{kind}.json").is_file())


_FOLDER = resources.files(__name__)
