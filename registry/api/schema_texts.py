"""The schemas of documents, as they are served."""

from fastapi import Response

from registry import schemas
from registry.errors import NotFound
from registry.names import Kind

MEDIA_TYPE = "application/schema+json"


def schema_answer(kind: str) -> Response:
    """Raises:
    NotFound: There is no such kind.
    """
    if kind == "policy":
        body = schemas.read_policy()
    elif kind in schemas.taken():
        body = schemas.read(Kind(kind))
    else:
        raise NotFound(
            f"there is no schema for {kind[:40]!r}",
            hint="There are " + ", ".join([*schemas.taken(), "policy"]) + ".",
        )
    return Response(body, media_type=MEDIA_TYPE)
