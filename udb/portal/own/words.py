"""Events, jobs and rows of the read log in words that a seventeen-year-old reads: no code without its words."""

from collections.abc import Mapping
from typing import Final

from udb.beskaeftigelse.grad import STATUS
from udb.domain import services
from udb.domain.formaal import Formaal
from udb.domain.haendelse import (
    AFBRUDT,
    BESKAEFTIGELSE,
    EJ_MOEDT,
    GENNEMFOERT,
    JOBCENTER,
    KONTAKTTID,
    PAALAEG,
    SOCIAL_YDELSE,
    UDDANNELSE,
    Haendelse,
)
from udb.domain.kodesaet import AFBRUDSAARSAGER, COSA, ELEVTRIN, Kodesaet

JOB: Final[Mapping[str, str]] = dict(zip(STATUS, ("Ikke i job", "Deltid", "Fuld tid"), strict=True))
"""The statuses of a job, as they are sent, in words."""
LOOKED_FOR: Final[Mapping[str, str]] = {
    Formaal.VEJLEDNING: "vejledning af dig",
    Formaal.TILSYN_PLIGT: "tilsyn med pligten til at være i gang",
    Formaal.EGEN_INDSIGT: "du har selv set dine oplysninger",
    Formaal.INDBERETNING: "arbejde med egne indberetninger om dig",
    Formaal.DATAKVALITET: "kontrol af, om data er rigtige",
    Formaal.AFSTEMNING: "sammenligning med et andet system",
    Formaal.STATISTIK: "statistik",
    Formaal.SUPPORT: "hjælp til brugere",
}
"""What a person looked for."""
OWN_LOOKS: Final[Mapping[str, str]] = {
    "MinOversigtJSON": "du har selv hentet dine oplysninger som en fil",
    "MinOversigtUdskrift": "du har selv set alt på én side",
}
"""What a person's other looks at the own data were, by operation."""
DONE: Final[Mapping[str, str]] = {
    "HentHaendelserDFDG": "hentning til jobcentrenes system",
    "HentUddannelsespaalaeg": "har du uddannelsespålæg?",
    "HentUdslusningstilskud": "kan skolen få tilskud for dig?",
    "HentStatusHenvisning": "er du kommet videre efter FGU?",
    "HentMarkeringer": "hvad kommunen har noteret om dit forløb",
    services.UNGDOMSUDDANNELSE: "din ungdomsuddannelse",
    services.FGU: "din FGU",
    services.FORBEREDENDE_AKTIVITET: "din skolegang eller aktivitet",
    services.VIDEREGAAENDE: "din videregående uddannelse",
    services.KOMMUNE_AKTIVITET: "en aktivitet i kommunen",
    services.KONTAKT_TILBUDSTID: "kontakt og tilbud fra kommunen",
    services.KONTAKTPERSON: "din vejleder i kommunen",
    services.ONSKER: "dine ønsker",
    services.INSTITUTION_KONTAKT: "din kontakt på skolen",
    services.JOBCENTER: "dit forløb i jobcentret",
    "MineIndberetninger": "liste over skolens indberetninger",
    "MinIndberetning": "en af skolens indberetninger",
    "MinIndberetningCPR": "dit CPR-nummer i en af skolens indberetninger",
    "OpslagListe": "kontrol af, hvem i kommunen der har set dine oplysninger",
    "OpslagFil": "kontrol af, hvem i kommunen der har set dine oplysninger",
    "udb log youth": "opslag i loggen for dig",
    "udb access explain": "undersøgelse af, hvem der ser hvad",
    "udb reconcile kontakt": "sammenligning med et andet system",
    "udb reconcile forloeb": "sammenligning med et andet system",
    "udb reconcile afbrud": "sammenligning med et andet system",
    "udb backup": "sikkerhedskopi af alt",
}
"""What was done, by the operation of the read log."""
BROWSER: Final = "siderne i Ungedatabasen"
"""The system of a person who looked at a page."""
OPERATOR: Final = "Driften af Ungedatabasen"
"""Who runs a command."""
RESULTS: Final[Mapping[str, str]] = {
    "accepteret": "",
    "afvist": "afvist",
    "gentaget": "sendt igen",
    "proevet accepteret": "kun prøvet, ikke gemt",
    "proevet afvist": "kun prøvet, ikke gemt",
}
"""What became of a report, by the clause of the read log."""
CPR_STATUS: Final[Mapping[str, str]] = {
    "01": "Bor i Danmark",
    "03": "Bor i Danmark",
    "05": "Bor i Grønland",
    "07": "Bor i Grønland",
    "20": "Har ingen adresse i Danmark",
    "30": "Nummeret er slettet",
    "50": "Nummeret er slettet",
    "60": "Har fået et andet nummer",
    "70": "Adressen er ukendt",
    "80": "Er rejst ud af Danmark",
    "90": "Er død",
}
"""The statuses of the CPR register (sources.md 1)."""
REPORTER: Final[Mapping[str, str]] = {"SKAT": "eIndkomst hos Skattestyrelsen"}
"""Reporters that are in no register of institutions."""
ALL_NEW: Final = "hentning af alt nyt om kommunens unge"
ABOUT_YOU: Final = "opslag på dig, eller hentning af nyt om dig alene"
LOOK_UP: Final = "opslag på dig"
"""What ``HentHaendelser`` was, as far as the log can say."""


def subject(event: Haendelse, codes: Kodesaet) -> str:
    """Return the education or activity of an event in words."""
    if event.kodesaet == ELEVTRIN:
        grade = f"{event.klasse_trin or event.elev_trin}. klasse"
        return f"{grade} ({event.klasse_navn})" if event.klasse_navn else grade
    if event.kodesaet is None or event.kode is None:
        return ""
    variant = str(event.kode_version) if event.kodesaet == COSA else None
    row = codes.describing(event.kodesaet, event.kode, event.haendelse_dato, variant)
    row = row or codes.describing(event.kodesaet, event.kode, event.haendelse_dato)
    return row.tekst if row is not None else f"en uddannelse, vi ikke har navnet på (kode {event.kode})"


def reason(event: Haendelse, codes: Kodesaet) -> str:
    """Return the reason of an afbrud in words; empty without one."""
    if event.afbrudsarsags_kode is None:
        return ""
    row = codes.describing(AFBRUDSAARSAGER, event.afbrudsarsags_kode, event.haendelse_dato)
    return row.tekst if row is not None else f"kode {event.afbrudsarsags_kode}"


def happened(event: Haendelse, codes: Kodesaet, *, begins: bool = True) -> str:
    """Return what an event says, as a sentence to the youth; of a cancellation what the cancelled report said.

    ``begins``: whether a Status 1 report began its forloeb, else it brought news of it.
    """
    if event.art == UDDANNELSE and event.optag and not begins:
        return f"Der kom nyt om {subject(event, codes) or 'et forløb'}."
    return _BY_KIND.get(event.art, _education)(event, codes)


def _education(event: Haendelse, codes: Kodesaet) -> str:
    what = subject(event, codes) or "et forløb"
    if event.ifoelge_kommunen is not None:
        marked = "stoppet" if event.ifoelge_kommunen == "Afbrud" else "i fare for at stoppe"
        return f"Kommunen har noteret, at du er {marked}."
    if event.status == AFBRUDT:
        if event.afbrudsarsags_kode == EJ_MOEDT:
            return f"Du begyndte ikke på {what}."
        because = reason(event, codes)
        return f"Du stoppede på {what}." + (f" Årsag: {because}." if because else "")
    if event.status == GENNEMFOERT:
        return f"Du blev færdig med {what}."
    if event.risk:
        return f"Der er fare for, at du stopper på {what}."
    return f"Du begyndte på {what}."


def _job_centre(event: Haendelse, codes: Kodesaet) -> str:
    what = subject(event, codes) or "et forløb"
    if event.status == AFBRUDT:
        return f"Du stoppede i jobcentret på {what}."
    if event.status == GENNEMFOERT:
        return f"Du blev færdig i jobcentret med {what}."
    return f"Du begyndte i jobcentret på {what}."


def _job(event: Haendelse, _codes: Kodesaet) -> str:
    status = JOB.get(event.status_beskaeftigelse or "", "Ukendt")
    return f"Dit job: {status} ({event.beskaeftigelsesgrad or 0} %)."


def _benefit(event: Haendelse, _codes: Kodesaet) -> str:
    return "Du får en social ydelse." if event.modtager_social_ydelse else "Du får ikke en social ydelse."


def _order(event: Haendelse, _codes: Kodesaet) -> str:
    return "Du har fået uddannelsespålæg." if event.har_uddannelsespaalaeg else "Dit uddannelsespålæg er slut."


def _contact_time(event: Haendelse, _codes: Kodesaet) -> str:
    if event.type == "Tilbudstid":
        return "Kommunen gav dig et tilbud."
    return "Kommunen talte med dig."


_BY_KIND: Final = {
    JOBCENTER: _job_centre,
    BESKAEFTIGELSE: _job,
    SOCIAL_YDELSE: _benefit,
    PAALAEG: _order,
    KONTAKTTID: _contact_time,
}
