"""What of a snapshot answers a request, and whether the token may have it."""

from registry.api.asked import ENVIRONMENT, Asked
from registry.api.grants import Grant
from registry.api.stored import one_of
from registry.errors import Deleted, Invalid, NotFound, VersionLive
from registry.names import check_name
from registry.snapshots import Served, Snapshot
from registry.versions import allows


def check_grant(asked: Asked, grant: Grant) -> None:
    """Raises:
    NotAllowed: The token is for something else.
    """
    grant.check_environment(asked.environment)
    if asked.kinds == "bots":
        grant.check_bot(asked.name)
    elif asked.kinds != ENVIRONMENT:
        grant.check_documents()


def live_one(snapshot: Snapshot, asked: Asked) -> Served:
    """Raises:
    Deleted: It is not live any more.
    NotFound: It never was, or its name is none.
    """
    if asked.kinds == "bots":
        told = snapshot.bots.get(asked.name)
        if told is not None:
            return one_of(snapshot.source, told, asked)
    else:
        served = snapshot.documents.get(asked.ref)
        if served is not None:
            return served
        if asked.kinds == ENVIRONMENT:
            return _own_head(snapshot)
        if asked.ref in snapshot.gone:
            raise Deleted(
                f"{asked.ref} was deleted in {snapshot.environment}",
                epoch=snapshot.source.epoch,
                seq=snapshot.gone[asked.ref],
            )
    check_name(asked.name)
    raise NotFound(f"{asked.ref} is not live in {snapshot.environment}")


def _own_head(snapshot: Snapshot) -> Served:
    if snapshot.head is None:
        raise NotFound(
            "this registry has no key that signs heads",
            hint="A server makes one when it starts: `placet serve`.",
        )
    return snapshot.head


def check_version(asked: Asked, found: Served, wanted: str) -> None:
    """Raises:
    VersionLive: What is live does not fit the range.
    """
    if asked.kinds == "bots":
        raise Invalid(
            "a bot is asked for without a range",
            hint="Ranges are for single documents; a bot's document has its own.",
        )
    if not allows(wanted, found.version):
        raise VersionLive(
            f"{asked.ref} is {found.version}, which does not fit {wanted}"
        )
