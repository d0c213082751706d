"""The book's own words in its two languages."""

from collections.abc import Mapping
from typing import Final

from udb.rules.rule import Alvor

DANISH: Final = "da"
ENGLISH: Final = "en"
LANGUAGES: Final = (DANISH, ENGLISH)

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    DANISH: {
        "title": "Regelbog",
        "book": "Regelbog",
        "sets": "Kodesæt",
        "service": "Ungedatabasen",
        "intro": (
            "Alle koder, et kald kan besvares med, hvad I skal gøre, og eksempler på beskeder. Haard afviser; Bloed er "
            "et råd, som ikke afviser."
        ),
        "other": "English",
        "search": "Søg efter kode eller ord",
        "go": "Søg",
        "all": "Alle koder",
        "found_one": "1 kode fundet for „{text}“.",
        "found": "{count} koder fundet for „{text}“.",
        "none": "Intet fundet for „{text}“. Søg efter en kode som 4003, et elementnavn eller et enkelt ord.",
        "code": "Kode",
        "severity": "Alvor",
        "name": "Navn",
        "what": "Hvad der er galt",
        "groups": "Grupper",
        "because": "Fundet i",
        "do": "Hvad I skal gøre",
        "facts": "Om reglen",
        "element": "Element",
        "source": "Kilde",
        "pages": "STIL's sider om grænsefladerne",
        "services": "Gælder for",
        "silenced": "Vises ikke sammen med",
        "in_force": "I kraft",
        "from": "fra den {first}",
        "from_to": "fra den {first} til og med den {last}",
        "wrong": "Forkert besked",
        "right": "Rigtig besked",
        "advised": "Besked, der får rådet",
        "not_advised": "Besked, der ikke får rådet",
        "before": "Forudsætninger",
        "examples": "Eksempler",
        "send_to": "Beskeden sendes til",
        "marked": "Forskellen på de to beskeder: {}.",
        "how_marked": "Den er understreget og med fed skrift.",
        "alike": "De to beskeder har samme indhold; det er forudsætningerne, der er forskellige.",
        "try": "Prøv eksemplet i sandkassen",
        "try_text": (
            "Kopiér det hele til en terminal. Sandkassens adresse er i første linje. Den unge og institutionerne er i "
            "enhver sandkasse. Sandkassens ur bliver på eksemplets dag; udb sandbox reset stiller alt tilbage."
        ),
        "answer": "Svar",
        "no_codes": "Accepteret uden bemærkninger",
        "explanation": "Forklaring",
        "text": "Teksten på engelsk",
        "soap": "SOAP-kode",
        "soap_codes": "{} (SOAP 1.1), {} (SOAP 1.2)",
        "missing": "Siden findes ikke",
        "missing_text": "Der er ingen kode, der hedder sådan. Se alle koder, eller søg.",
        "bad": "Søgningen kan ikke læses. Skriv en kode eller et par ord.",
        "all_services": "alle tjenester",
        "all_reports": "alle indberetninger",
        "own": "projektets fortolkning",
        "guide": "vejledningen afsnit {}",
    },
    ENGLISH: {
        "title": "Rule book",
        "book": "Rule book",
        "sets": "Code sets",
        "service": "Ungedatabasen",
        "intro": (
            "Every code that a call can be answered with, what to do, and example messages. Haard refuses; Bloed is "
            "advice and refuses nothing."
        ),
        "other": "Dansk",
        "search": "Search by code or word",
        "go": "Search",
        "all": "All codes",
        "found_one": "1 code found for “{text}”.",
        "found": "{count} codes found for “{text}”.",
        "none": "Nothing found for “{text}”. Search for a code like 4003, an element's name or a single word.",
        "code": "Code",
        "severity": "Severity",
        "name": "Name",
        "what": "What is wrong",
        "groups": "Groups",
        "because": "Found in",
        "do": "What to do",
        "facts": "About the rule",
        "element": "Element",
        "source": "Source",
        "pages": "STIL's interface pages",
        "services": "Applies to",
        "silenced": "Suppressed by",
        "in_force": "In force",
        "from": "from {first}",
        "from_to": "from {first} to {last}",
        "wrong": "Wrong message",
        "right": "Right message",
        "advised": "Message with the advice",
        "not_advised": "Message without the advice",
        "before": "Situation",
        "examples": "Examples",
        "send_to": "Send the message to",
        "marked": "The two messages differ in: {}.",
        "how_marked": "It is underlined and bold.",
        "alike": "The two messages have the same content; the situations differ.",
        "try": "Try the example in the sandbox",
        "try_text": (
            "Copy all of it to a terminal. The sandbox's address is in the first line. The youth and the institutions "
            "are in every sandbox. Its clock stays on the example's day; udb sandbox reset puts everything back."
        ),
        "answer": "Answer",
        "no_codes": "Accepted without remarks",
        "explanation": "Explanation",
        "text": "The text in Danish, as the answer has it",
        "soap": "SOAP code",
        "soap_codes": "{} (SOAP 1.1), {} (SOAP 1.2)",
        "missing": "There is no such page",
        "missing_text": "There is no such code. See all codes, or search.",
        "bad": "The search cannot be read. Write a code or some words.",
        "all_services": "all services",
        "all_reports": "all reports",
        "own": "the project's interpretation",
        "guide": "vejledningen, section {}",
    },
}

ALVOR: Final[Mapping[str, Mapping[Alvor, str]]] = {
    DANISH: {Alvor.HAARD: "Haard (afvist)", Alvor.BLOED: "Bloed (et råd, afviser ikke)"},
    ENGLISH: {Alvor.HAARD: "Haard (refused)", Alvor.BLOED: "Bloed (advice, refuses nothing)"},
}

DO: Final[Mapping[str, Mapping[Alvor, str]]] = {
    DANISH: {
        Alvor.HAARD: "Beskeden er afvist, og intet er gemt.",
        Alvor.BLOED: (
            "Koden afviser ikke indberetningen. Står der Accepteret i Resultat, er indberetningen gemt. Står der "
            "Afvist, skyldes det andre koder, og intet er gemt: ret alle fejl med Alvor Haard, og send igen."
        ),
    },
    ENGLISH: {
        Alvor.HAARD: "The message is refused and nothing is stored.",
        Alvor.BLOED: (
            "This code does not refuse the report. If Resultat is Accepteret, the report is stored. If it is Afvist, "
            "other codes refused it and nothing is stored: correct every error with Alvor Haard and send again."
        ),
    },
}
"""The consequence of the severity alone."""

FETCH_REFUSED: Final[Mapping[str, str]] = {DANISH: "Hentningen er afvist.", ENGLISH: "The fetch is refused."}
"""The same for the codes that only answer a fetch."""

FAULT: Final[Mapping[str, Mapping[str, str]]] = {
    DANISH: {
        "Sender": "Kaldet er ikke behandlet, og intet er gemt.",
        "Receiver": "Kaldet er ikke bekræftet. Det kan sendes igen uden ændringer.",
    },
    ENGLISH: {
        "Sender": "The call has not been carried out and nothing is stored.",
        "Receiver": "The call is not acknowledged. It can be sent again unchanged.",
    },
}
"""The same for SOAP faults, by their code in SOAP 1.2."""

IN_WORDS: Final[Mapping[str, Mapping[Alvor, tuple[str, str]]]] = {
    DANISH: {Alvor.HAARD: ("Forkert", "Rigtigt"), Alvor.BLOED: ("Får rådet", "Får ikke rådet")},
    ENGLISH: {Alvor.HAARD: ("Wrong", "Right"), Alvor.BLOED: ("Gets the advice", "Does not get it")},
}
"""The labels of the two reports in words: advice makes none of them wrong."""

EXAMPLES: Final[Mapping[Alvor, tuple[str, str]]] = {
    Alvor.HAARD: ("wrong", "right"),
    Alvor.BLOED: ("advised", "not_advised"),
}
"""The headings of the two messages: advice makes no message wrong."""

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
        "I": "SOAP-fejl fra platformen",
        "U": "SOAP-fejl fra Ungedatabasen",
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
        "I": "SOAP faults of the platform",
        "U": "SOAP faults of Ungedatabasen",
    },
}
"""The headings of the groups of codes, by a code's first digit."""
