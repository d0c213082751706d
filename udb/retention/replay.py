"""Repeat the deletions that were made after a backup was made (access.md, Retention)."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from udb.domain.clock import system_time
from udb.domain.errors import FileUnusable
from udb.retention import read_log, received, used_keys, youths


def replay(connection: Connection, entries: Iterable[dict[str, Any]]) -> Counter[str]:
    """Carry out the lines of a deletion log; return how many there were of each kind.

    Raises UdbRefused for a kind that this program does not know, since the restored data would keep what was deleted.
    """
    done: Counter[str] = Counter()
    for entry in entries:
        if entry["art"] == youths.UNGE:
            youths.remove(connection, entry["personer"])
        elif entry["art"] == used_keys.NOEGLER:
            used_keys.remove(connection, datetime.fromisoformat(entry["foer"]))
        elif entry["art"] == received.MODTAGELSER:
            received.remove(connection, datetime.fromisoformat(entry["foer"]))
        elif entry["art"] == read_log.LAESELOG:
            for block in read_log.present(connection, entry["blokke"]):
                read_log.remove(connection, block, system_time(), entry["aar"])
        else:
            raise FileUnusable(f"The deletion log has entries of kind {entry['art']!r}: use the program that wrote it.")
        done[entry["art"]] += 1
    return done
