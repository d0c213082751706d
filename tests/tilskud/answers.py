"""A youth's reports in one line each, as the decision table writes them: ``EUD optag 2026-04-01 at erhvervsskole``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from tests.rules.memory import shipped_codes
from tests.support.world import DEPARTMENT, EUD_SCHOOL, FGU_SCHOOL, GYMNASIUM, KOMMUNE, SCHOOL, UNIVERSITY
from udb.domain import henvisning, udslusning
from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, OPTAGET, Haendelse
from udb.domain.identifiers import event_number
from udb.domain.kodesaet import COSA, ELEVTRIN, FORBEREDENDE, KOMMUNE_AKTIVITETER, STADS
from udb.domain.services import FGU, FORBEREDENDE_AKTIVITET, KOMMUNE_AKTIVITET, UNGDOMSUDDANNELSE, VIDEREGAAENDE
from udb.domain.tilskud import Judgement

INSTITUTIONS: Final = {
    "fgu": FGU_SCHOOL,
    "fgu_afdeling": "483361",
    "andet_fgu": "483362",
    "gymnasium": GYMNASIUM,
    "gymnasium_afdeling": DEPARTMENT,
    "andet_gymnasium": "461300",
    "erhvervsskole": EUD_SCHOOL,
    "vuc": "461500",
    "folkeskole": SCHOOL,
    "universitet": UNIVERSITY,
    "kommune": KOMMUNE,
}
MAIN: Final = {"fgu_afdeling": "fgu", "gymnasium_afdeling": "gymnasium"}
TYPES: Final = {"fgu_afdeling": "1027", "andet_fgu": "1027", "andet_gymnasium": "1061", "vuc": "1053"}
"""The types of the institutions that ``tests.support.world`` does not have."""


@dataclass(frozen=True, slots=True)
class Kind:
    """The education of a report: its service, the code set and code, its version, and the institution."""

    service: str
    kodesaet: str
    kode: str
    at: str
    version: int | None = None

    @property
    def elements(self) -> dict[str, Any]:
        """Return the service's own elements."""
        own: dict[str, dict[str, Any]] = {
            COSA: {"Uddannelse": {"COsAFormaal": self.kode, "COsAFormaalVersion": self.version}},
            STADS: {"STADSKode": self.kode},
            FORBEREDENDE: {"ForberedendeAktivitetsKode": self.kode},
            ELEVTRIN: {"ElevTrin": self.kode, "KlasseTrin": self.kode, "KlasseType": "40"},
            KOMMUNE_AKTIVITETER: {"KommuneAktivitetsKode": self.kode},
        }
        return own[self.kodesaet] | ({"Skoleperiode": "BA"} if self.service == FGU else {})


KINDS: Final = {
    "FGU": Kind(FGU, COSA, "338", "fgu", 1),
    "STX": Kind(UNGDOMSUDDANNELSE, COSA, "3009", "gymnasium", 2),
    "HHX": Kind(UNGDOMSUDDANNELSE, COSA, "3010", "gymnasium", 2),
    "HTX": Kind(UNGDOMSUDDANNELSE, COSA, "3310", "gymnasium", 2),
    "TEST": Kind(UNGDOMSUDDANNELSE, COSA, "3000", "gymnasium", 1),
    "HF": Kind(UNGDOMSUDDANNELSE, COSA, "3017", "gymnasium", 2),
    "ENKELTFAG": Kind(UNGDOMSUDDANNELSE, COSA, "9017", "vuc", 1),
    "AVU": Kind(UNGDOMSUDDANNELSE, COSA, "3016", "vuc", 1),
    "EUD": Kind(UNGDOMSUDDANNELSE, COSA, "9100", "erhvervsskole", 2),
    "GF1": Kind(UNGDOMSUDDANNELSE, COSA, "9101", "erhvervsskole", 1),
    "GF2": Kind(UNGDOMSUDDANNELSE, COSA, "9102", "erhvervsskole", 1),
    "STADS": Kind(VIDEREGAAENDE, STADS, "9302", "universitet"),
    "ADGANG": Kind(VIDEREGAAENDE, STADS, "9390", "universitet"),
    "KLASSE10": Kind(FORBEREDENDE_AKTIVITET, ELEVTRIN, "10", "folkeskole"),
    "AKTIVITET": Kind(FORBEREDENDE_AKTIVITET, FORBEREDENDE, "9021", "folkeskole"),
    "KOMMUNE": Kind(KOMMUNE_AKTIVITET, KOMMUNE_AKTIVITETER, "K03", "kommune"),
}
STATUS: Final = {"optag": OPTAGET, "risiko": OPTAGET, "afbrudt": AFBRUDT, "gennemført": GENNEMFOERT}
_LINE: Final = re.compile(
    r"(?P<kind>[A-Z0-9]+) (?P<word>optag|risiko|afbrudt|gennemført) (?P<day>\d{4}-\d\d-\d\d)"
    r"(?: cause (?P<cause>\d+))?(?: at (?P<at>\w+))?(?P<cancelled> cancelled)?"
)


@dataclass(frozen=True, slots=True)
class Reported:
    """One report, and whether it was cancelled afterwards."""

    kind: str
    word: str
    day: date
    at: str
    cause: str | None = None
    cancelled: bool = False

    @property
    def main(self) -> str:
        """Return the main institution, by its name here."""
        return MAIN.get(self.at, self.at)

    @property
    def elements(self) -> dict[str, Any]:
        """Return the report by element names, without CPRNr."""
        return {
            "InstitutionNummer": INSTITUTIONS[self.at],
            "HaendelseDato": f"{self.day}T00:00:00",
            "Status": STATUS[self.word],
            "KildeLeverandoer": "LUDUS",
            "Annullering": False,
            **({"AfbrudsarsagsKode": self.cause} if self.cause else {}),
            **({"FrafaldstruetMarkering": True} if self.word == "risiko" else {}),
            **KINDS[self.kind].elements,
        }


def reported(line: str) -> Reported:
    """Return a report from its line."""
    found = _LINE.fullmatch(line)
    assert found is not None, line
    kind = found["kind"]
    day = date.fromisoformat(found["day"])
    return Reported(kind, found["word"], day, found["at"] or KINDS[kind].at, found["cause"], bool(found["cancelled"]))


def events(history: Iterable[Reported]) -> list[Haendelse]:
    """Return the reports as stored events, numbered in their order, cancellations last."""
    made = [_event(number, one) for number, one in enumerate(history, start=1)]
    cancellations = [
        replace(
            event,
            nummer=event_number(len(made) + number),
            plads=event_number(len(made) + number),
            annullering=True,
            annulleret=False,
            annulleret_haendelse_nummer=event.nummer,
        )
        for number, event in enumerate((event for event in made if event.annulleret), start=1)
    ]
    return [*made, *cancellations]


def _event(number: int, one: Reported) -> Haendelse:
    kind = KINDS[one.kind]
    return Haendelse(
        nummer=event_number(number),
        plads=event_number(number),
        art="uddannelse",
        cprnr="6503084001",
        service=kind.service,
        institution_nummer=INSTITUTIONS[one.at],
        hovedinstitution=INSTITUTIONS[one.main],
        haendelse_dato=one.day,
        registreringstid=datetime(2026, 8, 17, 9, tzinfo=UTC),
        kilde_leverandoer="LUDUS",
        status=STATUS[one.word],
        afbrudsarsags_kode=one.cause,
        frafaldstruet_markering=one.word == "risiko",
        kodesaet=kind.kodesaet,
        kode=kind.kode,
        kode_version=kind.version,
        annulleret=one.cancelled,
    )


def in_words(judgement: Judgement) -> str:
    """Return a judgement as the table writes it."""
    if judgement.refused is not None:
        return judgement.refused
    return judgement.grundlag.value if judgement.grundlag else "yes" if judgement.opfyldt else "no"


def judged_udslusning(history: tuple[Reported, ...], worked: dict[date, bool], today: date) -> str:
    codes, stored = shipped_codes(), events(history)
    course = udslusning.latest_course(stored, INSTITUTIONS["fgu"], codes)
    return in_words(udslusning.judge(course, stored, worked, codes, today))


def judged_henvisning(history: tuple[Reported, ...], today: date) -> str:
    stored = events(history)
    afbrud = henvisning.latest_afbrud(stored, INSTITUTIONS["gymnasium"])
    return in_words(henvisning.judge(afbrud, stored, shipped_codes(), today))
