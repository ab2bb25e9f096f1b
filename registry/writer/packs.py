"""Packs of evidence: every file of one, for a folder or for an archive.

What is in it is decided by `registry.evidence_packs`; here it gets the programs that
check it, `standalone/`, which run without anything of ours.
"""

from collections.abc import Iterable, Mapping
from importlib import resources
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from registry.db.observations import Observations
from registry.evidence_packs.acts import Seen
from registry.evidence_packs.folder import (
    AboutChange,
    AboutMoment,
    Found,
    Question,
    files,
)
from registry.evidence_packs.signed import Signed
from registry.names import Digest

PROGRAMS = ("moments.py", "rows.py", "signed.py", "told.py", "verify.py")
GUIDE = "VERIFY.md"

_ALL = 10**9
_BEGAN = (1980, 1, 1, 0, 0, 0)
"""The earliest time that an archive can say; the same files make the same bytes."""
_PLAIN = 0o100644 << 16


def pack(
    signed: Signed, found: Found, texts: Mapping[Digest, bytes]
) -> dict[str, bytes]:
    """Every file of the pack, by its path in the folder."""
    place = resources.files("registry.writer") / "standalone"
    return files(
        signed,
        found,
        texts,
        programs={name: (place / name).read_bytes() for name in PROGRAMS},
        guide=(place / GUIDE).read_text(encoding="utf-8"),
    )


def name_of(question: Question) -> str:
    """What the folder is called if nobody says."""
    if isinstance(question, AboutChange):
        return f"evidence-change-{question.change}"
    if isinstance(question, AboutMoment):
        return f"evidence-{question.environment}-{question.at:%Y%m%dT%H%M%SZ}"
    place = f"{question.environment}-" if question.environment else ""
    return f"evidence-{place}{question.begin:%Y%m%d}-{question.end:%Y%m%d}"


def archive(made: Mapping[str, bytes], folder: str) -> bytes:
    """The files as a ZIP archive with one folder in it."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as zipped:
        for name, data in made.items():
            entry = ZipInfo(f"{folder}/{name}", _BEGAN)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = _PLAIN
            zipped.writestr(entry, data)
    return held.getvalue()


def seen_in(observations: Observations, environments: Iterable[str]) -> list[Seen]:
    """When chatbots were last seen."""
    return [
        Seen(environment=one.environment, bot=one.bot, seq=one.seq, at=one.last_seen)
        for name in environments
        for one in observations.list_observations(name, None, offset=0, limit=_ALL)
    ]
