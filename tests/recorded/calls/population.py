"""The sandbox's population: what a kommune with many youths, DFDG and schools are given, in pages."""

import base64
import hashlib
import json
from typing import Any, Final
from wsgiref.types import WSGIApplication

from tests.recorded import soap
from tests.recorded.calls.receipts import NEVER
from tests.recorded.stage import Stage

YOUTHS: Final = 150
TODAY: Final = "2026-08-10"
HEADER: Final = {"X-UDB-Sandbox": "1"}
PAGES: Final = 3


def key_of(system: str) -> str:
    """The key of one of the sandbox's systems; it follows from the seed number 1."""
    digest = hashlib.sha256(f"udb-sandbox:1:noegle:{system}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def play(stage: Stage) -> None:
    stage.register.seed(YOUTHS, TODAY)
    caller: dict[str, str | None] = {"Authorization": soap.basic("sandbox", key_of("sandbox"))}
    stage.send("status", "GET", "/sandbox/status", headers=HEADER)
    scenarios = json.loads(stage.send("scenarios", "GET", "/sandbox/unge", headers=HEADER).body)["scenarier"]
    for name in scenarios:
        url = f"/sandbox/unge?scenarie={name}&antal=3"
        stage.send(f"scenario {name}", "GET", url, headers=HEADER)
    small = stage.register.sandbox(sidestoerrelse=25)
    for place, (operation, institution) in enumerate(
        (("HentHaendelser", "281111"), ("HentHaendelser", "281191"), ("HentHaendelserDFDG", "280000"))
    ):
        pages(stage, operation, institution, ("1.1", "1.2")[place % 2], caller, small)
    for institution in ("746509", "101011", "751001"):
        asked = {"InstitutionNummer": institution, "HaendelseNummer": NEVER}
        stage.call(f"marks at {institution}", "HentMarkeringer", asked, headers=caller)


def pages(
    stage: Stage, operation: str, institution: str, version: str, caller: dict[str, str | None], small: WSGIApplication
) -> None:
    """All that is new in one page, and by number the first pages."""
    how: Any = {"headers": caller}
    stage.call(f"{operation} {institution}: new", operation, {"InstitutionNummer": institution}, version, **how)
    number = NEVER
    for page in range(1, PAGES + 1):
        asked = {"InstitutionNummer": institution, "HaendelseNummer": number}
        answer = stage.call(f"{operation} {institution}: page {page}", operation, asked, version, app=small, **how)
        number = answer.text("HoejesteHaendelseNummer")
