"""The manifest: what an extract holds, as of what, by which definitions, and whether it adds up. Written last of all.

A folder without one is no extract.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import udb
from udb.domain.clock import system_time
from udb.domain.errors import FileUnusable
from udb.statistics.definitions.frist import FRIST
from udb.statistics.definitions.kui import KUI
from udb.statistics.definitions.neet import NEET
from udb.statistics.definitions.opmaerkninger import OPMAERKNINGER
from udb.statistics.definitions.restgruppe import RESTGRUPPE
from udb.statistics.extract.files import OWNER, Content
from udb.statistics.extract.moment import Moment

NAME: Final = "manifest.json"
FORMAT: Final = 1
DEFINITIONS: Final = (RESTGRUPPE, KUI, NEET, FRIST, OPMAERKNINGER)
PERSONAL: Final = (
    "Udtrækket er personoplysninger, også med pseudonymer: det siger meget om hver ung. Det må kun bruges til "
    "statistik og skal slettes, når det er brugt."
)


def manifest_of(moment: Moment, files: Sequence[Content], checks: dict[str, dict[str, Any]], by: str) -> dict[str, Any]:
    """Return the manifest of an extract. ``by``: who ran it. All but ``tid`` follows from snapshot and request."""
    request = moment.request
    return {
        "format": FORMAT,
        "tid": system_time().isoformat(timespec="seconds"),
        "dag": request.day.isoformat(),
        "fra": request.first.isoformat(),
        "kommune": request.kommune,
        "oejebliksbillede": moment.number,
        "udb": udb.__version__,
        "koert_af": by,
        "noegle": {"id": request.key.id, "aftryk": request.key.fingerprint},
        "persondata": PERSONAL,
        "indstillinger": {
            "beskaeftigelse_maaned": f"{moment.month:%Y-%m}" if moment.month else None,
            "foreloebig": not moment.is_delivered,
            "institutionstyper": moment.edition,
            "kodesaet_udgave": moment.codes.edition,
            "opfundne_unge": moment.sandbox,
        },
        "definitioner": [asdict(one) for one in DEFINITIONS],
        "filer": [asdict(one) for one in files],
        "kontrol": checks,
    }


def write(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest of a folder; on disk, all of it or none, when this returns. Raises OSError."""
    part = folder / f"{NAME}.part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER), "w", encoding="utf-8") as file:
        json.dump(manifest, file, ensure_ascii=False, indent=1, default=str)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    part.rename(folder / NAME)
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def discard(folder: Path) -> None:
    """Remove the manifest of a folder, however much of it is there."""
    for name in (NAME, f"{NAME}.part"):
        (folder / name).unlink(missing_ok=True)


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder. Raises FileUnusable when it has none that can be read."""
    try:
        found: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except OSError as error:
        raise FileUnusable(f"{folder} is no extract: {NAME} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise FileUnusable(f"{folder} is no extract: {NAME} is damaged.") from None
    if found.get("format") != FORMAT:
        raise FileUnusable(f"{folder} is an extract of another version of this program.")
    return found
