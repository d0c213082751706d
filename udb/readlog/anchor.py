"""The anchor: hashes of blocks, kept where those who can write the database cannot write (docs/laeselog.md).

It comes after the sealing and beside it: a place that cannot be reached stops nothing, and is made up for later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Connection, Engine, select

from udb.domain.errors import AnchorDiffers
from udb.readlog.verdict import Seal
from udb.settings import Settings
from udb.store.engine import reading
from udb.store.tables.log import read_log_block

_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Anchored:
    """A block's number and hash as the anchor has them, and since when. ``tid``: None when that cannot be read."""

    nummer: int
    hash: str
    tid: datetime | None


class Anchor(Protocol):
    """A place outside the database."""

    def latest(self, connection: Connection) -> Seal | None:
        """Return the last block anchored, None when there is none. Raises AnchorUnavailable."""

    def add(self, engine: Engine, blocks: Sequence[Seal]) -> None:
        """Anchor these blocks, which follow each other; the last one is enough. Raises AnchorUnavailable."""

    def end(self) -> int:
        """Return a mark of how much is there now. Raises AnchorUnavailable."""

    def kept(self, connection: Connection, end: int) -> Iterator[Anchored | str]:
        """Yield what was anchored up to a mark, the earliest first; a line for what cannot be read.

        The service goes on while a log is verified: what it seals and anchors meanwhile is not in the log that is
        compared. Raises AnchorUnavailable.
        """


def place_of(settings: Settings) -> Anchor | None:
    """Return the anchor of the settings, None when there is none. Raises FileUnusable: UDB_LAESELOG_ANKER_CA."""
    if settings.laeselog_anker is None:
        return None
    if settings.laeselog_anker_ca is not None:
        # The library is large, and few need it.
        from udb.readlog.authority import authority

        return authority(settings.laeselog_anker, settings.laeselog_anker_ca)
    from udb.readlog.anchor_file import AnchorFile

    return AnchorFile(Path(settings.laeselog_anker))


def anchor(engine: Engine, place: Anchor) -> int:
    """Anchor the blocks that were sealed since the last one anchored; return how many there were.

    Into a new place goes the last block alone: its hash holds those of all before. Raises AnchorDiffers when the log no
    longer has the block that was anchored last, AnchorUnavailable, DatabaseUnavailable.
    """
    query = select(read_log_block.c.nummer, read_log_block.c.hash)
    with reading(engine) as connection:
        before = place.latest(connection)
        if before is None:
            query = query.order_by(read_log_block.c.nummer.desc()).limit(1)
        else:
            found = connection.execute(query.where(read_log_block.c.nummer == before.nummer)).one_or_none()
            if found is None or found.hash != before.hash:
                raise AnchorDiffers(
                    f"Block {before.nummer} of the read log is {'gone' if found is None else 'not the one anchored'}. "
                    "Run: udb log verify --anchor"
                )
            later = read_log_block.c.nummer > before.nummer
            query = query.where(later).order_by(read_log_block.c.nummer).limit(_AT_ONCE)
        blocks = [Seal(*row) for row in connection.execute(query)]
    if blocks:
        place.add(engine, blocks)
    return len(blocks)
