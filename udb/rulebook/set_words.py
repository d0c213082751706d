"""The words of the code sets' pages in their two languages."""

from collections.abc import Mapping
from typing import Final

from udb.domain import kodesaet
from udb.domain.text import Text
from udb.imports.kodesaet_file import ETATER
from udb.rulebook.words import DANISH, ENGLISH

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    DANISH: {
        "title": "Kodesæt",
        "intro": "De koder, som indberetninger og registre bruger, med kilde og dato. Opfundet indhold er mærket.",
        "set": "Kodesæt",
        "rows": "Rækker",
        "invented_rows": "Rækker med opfundet indhold",
        "about": "Om kodesættet",
        "columns": "Kolonner",
        "codes": "Koder",
        "sources": "Kilder",
        "used": "Bruges af reglerne",
        "not_used": "ingen regel; se kolonnerne",
        "edition": "Udgave, der gælder",
        "shipped_edition": "Udgave",
        "invented": "opfundet",
        "invented_means": "Mærket „opfundet“ betyder, at ingen offentlig kilde har værdien. Den er sat ind, så man kan "
        "afprøve tjenesten, og er ikke registrets rigtige indhold.",
        "own_means": "Værdien er tjenestens egen: den siger, hvordan koden behandles.",
        "all": "Alle kodesæt",
        "empty": "Kodesættet har ingen rækker.",
        "yes": "ja",
        "no": "nej",
        "open": "åben",
        "nothing": "–",
        "read": "dato {date}",
        "missing": "Siden findes ikke",
        "missing_text": "Der er intet kodesæt med det navn. Se alle kodesæt.",
        "down": "Databasen svarer ikke lige nu. Prøv igen om lidt.",
        "rules": "Regelbog",
    },
    ENGLISH: {
        "title": "Code sets",
        "intro": "The codes that reports and registers use, with source and date. Invented content is marked.",
        "set": "Code set",
        "rows": "Rows",
        "invented_rows": "Rows with invented content",
        "about": "About the code set",
        "columns": "Columns",
        "codes": "Codes",
        "sources": "Sources",
        "used": "Used by the rules",
        "not_used": "no rule; see the columns",
        "edition": "Edition that holds",
        "shipped_edition": "Edition",
        "invented": "invented",
        "invented_means": "“Invented” marks a value that no public source states. It makes it possible to try the "
        "service, and is not the register's real content.",
        "own_means": "The value is the service's own: it says how the code is treated.",
        "all": "All code sets",
        "empty": "The code set has no rows.",
        "yes": "yes",
        "no": "no",
        "open": "open",
        "nothing": "–",
        "read": "date {date}",
        "missing": "There is no such page",
        "missing_text": "There is no code set with that name. See all code sets.",
        "down": "The database does not answer just now. Try again in a moment.",
        "rules": "Rule book",
    },
}

SETS: Final[Mapping[str, tuple[Text, Text]]] = {
    kodesaet.KOMMUNER: (
        Text("Kommuner", "Kommuner"),
        Text(
            "De 98 kommuner med CPR-kontorets kommunekode.",
            "The 98 kommuner with the CPR office's kommune codes.",
        ),
    ),
    kodesaet.COSA: (
        Text("CØSA-formål", "CØSA formål"),
        Text(
            "Formål for ungdomsuddannelser og FGU. Nøglen er kode og version.",
            "Purposes of youth education and FGU. The key is code and version.",
        ),
    ),
    kodesaet.FORBEREDENDE: (
        Text("Forberedende aktiviteter", "Preparatory activities"),
        Text("Koderne i ForberedendeAktivitetsKode.", "The codes of ForberedendeAktivitetsKode."),
    ),
    kodesaet.KOMMUNE_AKTIVITETER: (
        Text("Kommunens aktiviteter", "The kommune's activities"),
        Text("Hvad en kommune indberetter om sine unge.", "What a kommune reports of its youths."),
    ),
    kodesaet.AFBRUDSAARSAGER: (
        Text("Afbrudsårsager", "Causes of an afbrud"),
        Text("Koderne i AfbrudsarsagsKode.", "The codes of AfbrudsarsagsKode."),
    ),
    kodesaet.STADS: (
        Text("STADS-koder", "STADS codes"),
        Text("Videregående uddannelser.", "Higher education."),
    ),
    kodesaet.AKTIVITETSGRUPPER: (
        Text("Aktivitetsgrupper", "Groups of activities"),
        Text("Jobcentrets aktiviteter i grupper.", "The job centre's activities in groups."),
    ),
    kodesaet.KLASSETYPER: (
        Text("Klassetyper", "Kinds of class"),
        Text("Koderne i KlasseType.", "The codes of KlasseType."),
    ),
    kodesaet.INSTITUTIONSTYPER: (
        Text("Institutionstyper", "Institution types"),
        Text(
            "Institutionsregisterets fineste inddeling af institutioner (institutionstype 3). Kodesættet har to "
            "udgaver: efter vejledningen er 1011 og 1012 efterskoler, efter Institutionsregisteret er 1010 og 1011 "
            "efterskoler, og 1012 er folkeskoler.",
            "The register's finest division of institutions (institutionstype 3). The set has two editions: by the "
            "vejledning 1011 and 1012 are efterskoler, by Institutionsregisteret 1010 and 1011 are, and 1012 are "
            "folkeskoler.",
        ),
    ),
    kodesaet.UDDANNELSESNIVEAUER: (
        Text("Uddannelsesniveauer", "Levels of education"),
        Text("Værdierne i AfsluttetUddannelsesNiveau.", "The values of AfsluttetUddannelsesNiveau."),
    ),
    ETATER: (
        Text("Etater", "Authorities"),
        Text(
            "Vejledningen nævner kodesættet. Ingen offentlig kilde har en række.",
            "The vejledning names the set. No public source states a row.",
        ),
    ),
    kodesaet.FGU_SKOLEPERIODER: (
        Text("FGU's skoleperioder", "School periods of FGU"),
        Text(
            "De tilladte par af Skoleperiode og Speciale, et par i hver række.",
            "The allowed pairs of Skoleperiode and Speciale, one in each row.",
        ),
    ),
    kodesaet.INDTAEGTSARTER: (
        Text("Indtægtsarter", "Kinds of income"),
        Text(
            "Indtægtsarter i eIndkomst („kode 68“, fire cifre), og indkomsttyper for linjer uden en (to cifre).",
            "Kinds of income in eIndkomst (“kode 68”, four digits), and income types of lines without (two digits).",
        ),
    ),
    kodesaet.TIMELOEN: (
        Text("Timeløn", "Hourly wage"),
        Text(
            "Den timeløn, som en aldersgruppes løn regnes om til timer med.",
            "The hourly wage by which an age group's wage becomes hours.",
        ),
    ),
}
"""Title and purpose of each set."""

_COMPLETES: Final = Text(
    "Den uddannelse, et gennemført forløb på koden afslutter.", "The education that a completed course completes."
)
COLUMNS: Final[Mapping[str, Text]] = {
    "kode": Text("Koden, som den skal stå i beskeden.", "The code, as the message must have it."),
    "version": Text("Formålets version (COsAFormaalVersion).", "The version of the formål (COsAFormaalVersion)."),
    "tekst": Text("Hvad koden betyder.", "What the code means."),
    "gyldig_fra": Text(
        "Første dag, koden gælder. Ingen offentlig kilde har dagen; den er sat tidligt.",
        "The first day of validity. No public source states it; it is an early day.",
    ),
    "gyldig_til": Text("Sidste dag, koden gælder. Åben: ingen.", "The last day of validity. Open: none."),
    "kilde": Text("Hvor det, der ikke er opfundet, er fra.", "Where what is not invented is from."),
    "institutionsnummer": Text(
        "Kommunens nummer i Institutionsregisteret.", "The kommune's number in Institutionsregisteret."
    ),
    "genoptag": Text(
        "Om et nyt optag er tilladt efter et gennemført forløb (regel 5001).",
        "Whether a new optag is allowed after a completed course (rule 5001).",
    ),
    "fuldfoerer": _COMPLETES,
    "kompetencegivende": Text(
        "Om uddannelsen tæller ved udslusningstilskud.", "Whether the education counts for the FGU grant."
    ),
    "bevis": Text(
        "Om Eksamensdatabasen leverer et bevis (regel 5007).",
        "Whether Eksamensdatabasen delivers a diploma (rule 5007).",
    ),
    "klassetrin_hoejst_10": Text(
        "Om koden hører til højst 10. klasse: skolens kommune må se den, og den fritager for eIndkomst.",
        "Whether the code is of the 10th grade at most: the school's kommune may see it, and it exempts from "
        "eIndkomst.",
    ),
    "ved_siden_af": Text(
        "Om aktiviteten foregår ved siden af en klasse, som den ikke erstatter.",
        "Whether the activity is attended beside a class, which it does not replace.",
    ),
    "skal": Text(
        "Om kommunen skal indberette aktiviteten. Nej: den må.",
        "Whether the kommune must report the activity. No: it may.",
    ),
    "tjenester": Text("De tjenester, institutionstypen må bruge.", "The services that the type may use."),
    "efterskole": Text(
        "Om typen er efterskoler: skolens kommune ser ingen af deres hændelser.",
        "Whether the type is efterskoler: the school's kommune sees none of their events.",
    ),
    "rang": Text("Niveauets plads, fra lavest til højest.", "The level's place, from low to high."),
    "speciale": Text(
        "FGU-sporet: 1 AGU, 2 PGU, 3 EGU; tomt: ikke valgt.", "The FGU track: 1 AGU, 2 PGU, 3 EGU; empty: not chosen."
    ),
    "loentype": Text(
        "Hvad et beløb tæller som: loen, social_ydelse (ModtagerSocialYdelse) eller ingen af dem.",
        "What an amount counts as: loen (wage), social_ydelse (ModtagerSocialYdelse), or neither.",
    ),
    "kroner": Text("Timelønnen i kroner.", "The hourly wage in kroner."),
}
"""What a column says, in any set but those of ``COLUMNS_OF``."""
COLUMNS_OF: Final[Mapping[tuple[str, str], Text]] = {
    (kodesaet.COSA, "art"): Text(
        "Uddannelsens art, som reglerne bruger den.", "The kind of education, as the rules use it."
    ),
    (kodesaet.KOMMUNE_AKTIVITETER, "art"): Text(
        "Aktivitetens art, som statistikken bruger den; tom: den tæller ikke med.",
        "The kind of activity, as the figures use it; empty: it counts in none.",
    ),
    (kodesaet.AFBRUDSAARSAGER, "art"): Text(
        "Om årsagen bruges ved almindelige afbrud, ved optagelsesprøver eller begge (regel 4006).",
        "Whether the cause is for ordinary afbrud, for admission tests or for both (rule 4006).",
    ),
    (kodesaet.TIMELOEN, "kode"): Text("Aldersgruppen.", "The age group."),
    (kodesaet.UDDANNELSESNIVEAUER, "kode"): Text(
        "Ordet, som fuldfoerer bruger i cosa_formaal og stads.",
        "The word that fuldfoerer uses in cosa_formaal and stads.",
    ),
    (kodesaet.UDDANNELSESNIVEAUER, "tekst"): Text(
        "Værdien af AfsluttetUddannelsesNiveau.", "The value of AfsluttetUddannelsesNiveau."
    ),
}
"""What a column says in one set alone."""


def column_text(saet: str, column: str) -> Text:
    """Return what a column of a set says."""
    return COLUMNS_OF.get((saet, column)) or COLUMNS[column]


def title_of(saet: str, language: str) -> str:
    """Return a set's title in a language."""
    return in_language(SETS[saet][0], language)


def in_language(text: Text, language: str) -> str:
    """Return a text in one of the book's languages."""
    return text.da if language == DANISH else text.en
