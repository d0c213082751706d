"""The book's own words in its two languages."""

from collections.abc import Mapping
from typing import Final

from udb.domain.haendelse import Kind
from udb.rules.rule import Alvor

DANISH: Final = "da"
ENGLISH: Final = "en"
LANGUAGES: Final = (DANISH, ENGLISH)

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    DANISH: {
        "title": "Regelbog",
        "service": "Ungedatabasen",
        "intro": "Alle regler, en indberetning eller hentning kan få svar fra, med rigtige og forkerte beskeder.",
        "skip": "Spring til indhold",
        "other": "English",
        "search": "Søg efter kode eller ord",
        "go": "Søg",
        "all": "Alle regler",
        "found": "{count} fundet for „{text}“.",
        "none": "Intet fundet for „{text}“. Søg efter en kode som 4003, et elementnavn eller et enkelt ord.",
        "code": "Kode",
        "severity": "Alvor",
        "what": "Hvad der er galt",
        "do": "Hvad I skal gøre",
        "facts": "Om reglen",
        "element": "Element",
        "source": "Kilde",
        "services": "Gælder for",
        "judges": "Bedømmer",
        "silenced": "Tier, når svaret har",
        "in_force": "I kraft",
        "from": "fra {first}",
        "from_to": "fra {first} til og med {last}",
        "wrong": "Forkert besked",
        "right": "Rigtig besked",
        "before": "Forud",
        "answer": "Svar",
        "no_codes": "Accepteret uden bemærkninger",
        "transaction": "SystemTransactionID",
        "explanation": "Forklaring (på engelsk)",
        "text": "Teksten på engelsk",
        "missing": "Siden findes ikke",
        "missing_text": "Der er ingen regel med den kode. Se alle regler, eller søg.",
        "bad": "Søgningen kan ikke læses. Skriv en kode eller nogle ord.",
        "all_services": "alle services",
        "all_reports": "alle indberetninger",
        "own": "eget valg",
        "guide": "vejledningen afsnit {}",
    },
    ENGLISH: {
        "title": "Rule book",
        "service": "Ungedatabasen",
        "intro": "Every rule that a report or a fetch can be answered with, with right and wrong messages.",
        "skip": "Skip to content",
        "other": "Dansk",
        "search": "Search by code or word",
        "go": "Search",
        "all": "All rules",
        "found": "{count} found for “{text}”.",
        "none": "Nothing found for “{text}”. Search for a code like 4003, an element's name or a single word.",
        "code": "Code",
        "severity": "Severity",
        "what": "What is wrong",
        "do": "What to do",
        "facts": "About the rule",
        "element": "Element",
        "source": "Source",
        "services": "Holds for",
        "judges": "Judges",
        "silenced": "Silent when the answer has",
        "in_force": "In force",
        "from": "from {first}",
        "from_to": "from {first} to {last}",
        "wrong": "Wrong message",
        "right": "Right message",
        "before": "Before it",
        "answer": "Answer",
        "no_codes": "Accepted without remarks",
        "transaction": "SystemTransactionID",
        "explanation": "Explanation",
        "text": "The text in Danish, as the receipt has it",
        "missing": "There is no such page",
        "missing_text": "There is no rule with that code. See all rules, or search.",
        "bad": "The search cannot be read. Write a code or some words.",
        "all_services": "all services",
        "all_reports": "all reports",
        "own": "own decision",
        "guide": "vejledningen, section {}",
    },
}

ALVOR: Final[Mapping[str, Mapping[Alvor, str]]] = {
    DANISH: {Alvor.HAARD: "Haard (afvist)", Alvor.BLOED: "Bloed (modtaget med et råd)"},
    ENGLISH: {Alvor.HAARD: "Haard (refused)", Alvor.BLOED: "Bloed (accepted with advice)"},
}

DO: Final[Mapping[str, Mapping[Alvor, str]]] = {
    DANISH: {
        Alvor.HAARD: "Beskeden er afvist, og intet er gemt.",
        Alvor.BLOED: "Indberetningen er modtaget og gemt, så send den ikke igen.",
    },
    ENGLISH: {
        Alvor.HAARD: "The message is refused and nothing is stored.",
        Alvor.BLOED: "The report is accepted and stored, so do not send it again.",
    },
}
"""What follows from the severity alone."""

KIND: Final[Mapping[str, Mapping[Kind, str]]] = {
    DANISH: {
        Kind.REPORT: "indberetninger",
        Kind.ANNULLERING: "annulleringer",
        Kind.SLET: "Slet",
        Kind.AFMELD: "Afmeld",
    },
    ENGLISH: {Kind.REPORT: "reports", Kind.ANNULLERING: "cancellations", Kind.SLET: "Slet", Kind.AFMELD: "Afmeld"},
}

GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    DANISH: {
        "1": "Den unge",
        "2": "Institutionen",
        "3": "Datoer",
        "4": "Koder",
        "5": "Rækkefølge i den unges historik",
        "6": "Annullering",
        "7": "Kommune, kontakt og abonnement",
        "8": "Hentning",
        "9": "Kaldet",
    },
    ENGLISH: {
        "1": "The youth",
        "2": "The institution",
        "3": "Dates",
        "4": "Codes",
        "5": "Order within the youth's history",
        "6": "Cancellation",
        "7": "Kommune, contacts and subscription",
        "8": "Fetch",
        "9": "The call",
    },
}
"""By a code's first digit."""
