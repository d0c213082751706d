"""Everything about the youth for print: the document's values in words, under their labels."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from udb.beskaeftigelse.grad import STATUS
from udb.domain import haendelse, kodesaet
from udb.domain.bopael import UNKNOWN
from udb.domain.clock import day_in_words, time_in_words
from udb.portal.own.words import CPR_STATUS, DONE, JOB, LOOKED_FOR
from udb.readlog.grouped import Kind
from udb.rules.catalogue import BY_CODE

Entry = Sequence[tuple[str, str]]
SAID_ALREADY: Final[Mapping[str, frozenset[str]]] = {
    "person": frozenset({"status"}),
    "modtagere": frozenset({"operation", "formaal"}),
}
"""Values that another one of the entry says in words, by section."""
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


def printed(found: Mapping[str, Any]) -> Sequence[tuple[str, Sequence[Entry]]]:
    """Return the sections of a document for print: title, and of each entry labels and values that say something."""
    sections = []
    for name, value in found.items():
        entries = [value] if isinstance(value, dict) else value if isinstance(value, list) else None
        if entries is not None:
            sections.append((LABELS[name], [_entry(name, one) for one in entries]))
    return sections


def in_words(section: str, name: str, value: Any) -> str:
    """Return a value of the document in words; empty when it says nothing. ``name``: its key; ``section``: where."""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, list):
        return "; ".join(in_words(section, name, one) for one in value)
    if isinstance(value, dict):
        said = ((LABELS[key], in_words(section, key, one)) for key, one in value.items())
        return ", ".join(f"{label}: {text}" for label, text in said if text)
    if value is None:
        return ""
    words = WORDS.get((section, name)) or WORDS.get(("", name)) or {}
    return words.get(value) or _plain(str(value))


def _entry(section: str, one: Any) -> Entry:
    if not isinstance(one, dict):
        return [("", in_words(section, section, one))]
    kept = ((name, value) for name, value in one.items() if name not in SAID_ALREADY.get(section, ()))
    return [(LABELS[name], text) for name, value in kept if (text := in_words(section, name, value))]


def _plain(text: str) -> str:
    if text == date.max.isoformat():
        return "indtil videre"
    if text == UNKNOWN.isoformat():
        return "det ved vi ikke"
    if _DATE.fullmatch(text):
        return day_in_words(date.fromisoformat(text))
    if _DATE.match(text) and text[10:11] == "T":
        return time_in_words(datetime.fromisoformat(text))
    return text


_SERVICES: Final[Mapping[Any, str]] = {name: f"{text[:1].upper()}{text[1:]}" for name, text in DONE.items()}
WORDS: Final[Mapping[tuple[str, str], Mapping[Any, str]]] = {
    ("haendelser", "status"): {1: "Begyndt, i fare for at stoppe eller ændret", 2: "Stoppet", 3: "Færdig"},
    ("beskaeftigelse", "status"): {place: JOB[status] for place, status in enumerate(STATUS)},
    ("bopael", "status"): CPR_STATUS,
    ("", "status_beskaeftigelse"): JOB,
    ("", "service"): {**_SERVICES, "eIndkomst": "Job efter eIndkomst"},
    ("", "operation"): _SERVICES,
    ("", "kodesaet"): {
        kodesaet.COSA: "Uddannelser",
        kodesaet.FORBEREDENDE: "Forberedende aktiviteter",
        kodesaet.KOMMUNE_AKTIVITETER: "Kommunens aktiviteter",
        kodesaet.STADS: "Videregående uddannelser",
        kodesaet.AKTIVITETSGRUPPER: "Jobcentrets aktiviteter",
        kodesaet.ELEVTRIN: "Klassetrin",
    },
    ("", "formaal"): LOOKED_FOR,
    ("", "koder"): {code: f"{code}: {rule.tekst}" for code, rule in BY_CODE.items()},
    ("", "resultat"): {"A": "Modtaget", "R": "Afvist", "G": "Sendt igen"},
    ("", "slags"): {"ny": "Ny", "annullering": "Trækker en anden tilbage", "slet": "Sletter", "proeve": "Kun prøvet"},
    ("", "afsluttet"): {"erstattet": "En anden kom i stedet", "slettet": "Den blev slettet", "flyttet": "Du flyttede"},
    ("", "art"): {
        haendelse.UDDANNELSE: "Uddannelse",
        haendelse.JOBCENTER: "Jobcenter",
        haendelse.BESKAEFTIGELSE: "Job",
        haendelse.SOCIAL_YDELSE: "Social ydelse",
        haendelse.PAALAEG: "Uddannelsespålæg",
        haendelse.KONTAKTTID: "Samtale eller tilbud",
        "kommune": "Kommunen",
        "institution": "Skolen",
        "job": "Job",
        Kind.RECEIVED.value: "Har fået dine oplysninger",
        Kind.REPORTED.value: "Har meldt noget om dig",
        Kind.REFUSED.value: "Blev afvist",
        Kind.OWN.value: "Du selv",
    },
}
"""The words of a value, by section (empty: every one) and key."""
LABELS: Final[Mapping[str, str]] = {
    "person": "Dig",
    "situation": "Hvor du er nu",
    "haendelser": "Hændelser",
    "kontaktpersoner": "Kontaktpersoner",
    "egne_kontakter": "Din egen telefon og mail fra andre registre",
    "tidligere_kontaktpersoner": "Tidligere kontaktpersoner, uden navn",
    "onsker": "Ønsker",
    "uddannelsespaalaeg": "Uddannelsespålæg",
    "beskaeftigelse": "Job efter eIndkomst",
    "eksamensbeviser": "Eksamensbeviser",
    "bopael": "Bopæl",
    "indberetninger": "Meldinger om dig, og hvad der blev af dem",
    "modtagere": "Hvem har set eller fået dine oplysninger",
    "cprnr": "CPR-nummer",
    "alle_cprnumre": "Alle dine CPR-numre",
    "navn": "Navn",
    "status": "Status",
    "status_tekst": "Status i CPR-registret",
    "kommunekode": "Kommunens kode",
    "mail": "Mail",
    "telefon": "Telefon",
    "kontakt_registreret": "Telefon og mail registreret",
    "beskyttet": "Navn eller adresse er beskyttet",
    "tekst": "Tekst",
    "institution": "Navn på institution eller kommune",
    "institution_nummer": "Nummer på institution eller kommune",
    "system": "System",
    "raad": "Råd",
    "kode": "Kode",
    "hentet": "Hentet af",
    "opslag": "Opslag under hændelsen",
    "nummer": "Nummer",
    "plads": "Plads i forløbet",
    "art": "Art",
    "service": "Meldt over",
    "hovedinstitution": "Hovedinstitution",
    "haendelse_dato": "Dato",
    "registreringstid": "Registreret",
    "kilde_leverandoer": "Kilde",
    "annullering": "Trækker en anden tilbage",
    "annulleret": "Annulleret",
    "gentaget": "Meldt igen efter nyt CPR-nummer",
    "forloeb_id": "Forløb",
    "gentager": "Gentager",
    "haendelse_tid": "Tidspunkt",
    "afbrudsarsags_kode": "Kode for årsag",
    "kodesaet": "Kodesæt",
    "kode_version": "Version af koden",
    "elev_trin": "Elevtrin",
    "klasse_trin": "Klassetrin",
    "klasse_type": "Klassetype",
    "klasse_navn": "Klassens navn",
    "speciale": "Speciale",
    "praktiksted": "Praktiksted",
    "skoleperiode": "Skoleperiode",
    "egu_uddannelsesniveau": "Egu på uddannelsesniveau",
    "ifoelge_kommunen": "Ifølge kommunen",
    "vedroerer_haendelse_nummer": "Vedrører nummer",
    "gennemfoert_hf": "Hele hf gennemført",
    "frafaldstruet_markering": "Fare for at stoppe",
    "type": "Type",
    "afbrud_haendelse_nummer": "Efter afbrud nummer",
    "annulleret_haendelse_nummer": "Annullerer nummer",
    "status_beskaeftigelse": "Job",
    "beskaeftigelsesgrad": "Grad i procent",
    "modtager_social_ydelse": "Social ydelse",
    "har_uddannelsespaalaeg": "Uddannelsespålæg",
    "udgaaet": "Rettet af en senere måned",
    "fuldfoerer": "Giver niveau",
    "i_fuldfoert": "Hører til et fuldført forløb",
    "til_10": "Til og med 10. klasse",
    "vist": "Kan vises for andre",
    "vis_praktiksted": "Praktiksted kan vises",
    "vises_under_25": "Vises for kommunen, til du fylder 25",
    "vises_over_25": "Vises for kommunen, fra du fylder 25",
    "aabent_hos": "Åbent hos",
    "dato_optag": "Forløbet begyndte",
    "fritager_foer": "Fritager fra eIndkomst før",
    "kilde": "Kilde",
    "registreret": "Registreret",
    "rettet": "Rettet",
    "fra": "Fra",
    "til": "Til",
    "afsluttet": "Hvorfor den sluttede",
    "genskabt": "Genskabt af det, der var tilbage",
    "nr": "Nummer i rækken",
    "startdato": "Fra",
    "grad": "Grad i procent i første måned",
    "social_ydelse": "Social ydelse",
    "tyve_timer": "Mindst 20 timer om ugen",
    "cosa_formaal": "Uddannelseskode",
    "dato": "Dato",
    "tid": "Tidspunkt",
    "resultat": "Resultat",
    "slags": "Slags",
    "koder": "Koder i kvitteringen",
    "forsinkelse_dage": "Dage fra dato til melding",
    "modtager": "Nummer på modtager",
    "modtager_navn": "Modtager",
    "hentet_tid": "Hentet første gang",
    "hentet_system": "Hentet, systemets tid",
    "givet_tid": "Givet første gang",
    "fejl_kode": "Kode",
    "operation": "Operation",
    "system_tid": "Systemets tid",
    "tidspunkter": "Tidspunkter",
    "antal": "Antal gange",
    "formaal": "Formål",
}
"""The words of every key, for print."""
