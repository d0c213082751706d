"""The refusals of a fetch (rules.md, 2 and 8): one answer each, which does not reveal what the register holds."""

from typing import Final

from udb.domain import elementer as E  # noqa: N812 - short, since it is in every line
from udb.domain.receipt import Fejl
from udb.domain.services import DATA_TIL_DFDG, DATA_TIL_INSTITUTION, DATA_TIL_KOMMUNE, STATUS_HENVISNING
from udb.rules.catalogue import BY_CODE
from udb.rules.rule import Alvor

FETCH_TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "8001": (
        E.HAENDELSE_NUMMER,
        """HaendelseNummer har ikke den rigtige form eller er højere end det seneste nummer, Ungedatabasen har tildelt.
        Brug HoejesteHaendelseNummer fra jeres seneste svar.""",
        """HaendelseNummer does not have the right form, or is higher than the latest number Ungedatabasen has assigned.
        Use HoejesteHaendelseNummer from your latest answer.""",
    ),
    "8002": (
        E.CPRNR,
        """Der kan ikke slås op på CPR-nummeret: det er ukendt eller udskiftet, eller den unge har ikke bopæl i
        kommunen eller er ikke mellem 15 og 29 år. Kontrollér CPRNr og InstitutionNummer; er de rigtige, så lad være
        med at slå op.""",
        """The CPR number cannot be looked up: it is unknown or replaced, or the youth is not a resident of the kommune
        or is not between 15 and 29 years old. Check CPRNr and InstitutionNummer; if they are right, do not look the
        youth up.""",
    ),
    "8003": (
        E.CPRNR,
        "Angiv højst ét kriterium: enten HaendelseNummer eller CPRNr.",
        "Give at most one criterion: either HaendelseNummer or CPRNr.",
    ),
    "8004": (
        E.SYSTEM_TRANSACTION_ID,
        """Dette SystemTransactionID er brugt til en tidligere hentning, hvis side ikke kan udleveres igen. Brug et nyt
        id til hver hentning; kun den seneste side kan hentes igen, med det id, den blev hentet med.""",
        """This SystemTransactionID was used for an earlier fetch whose page cannot be returned again. Use a new id
        for each fetch; only the latest page can be fetched again, with the id it was fetched with.""",
    ),
    "8101": (
        E.CPRNR,
        """Der er intet gennemført FGU-forløb for CPR-nummeret på jeres institution, eller gennemførelsen er indberettet
        for nylig (normalt skal der være gået 30 dage). Kontrollér CPR-nummeret, og at I har indberettet
        gennemførelsen.""",
        """There is no completed FGU course for the CPR number at your institution, or the gennemført was reported
        recently (normally 30 days must have passed). Check the CPR number, and check that you have reported the
        gennemført.""",
    ),
    "8102": (
        E.CPRNR,
        """Det seneste gennemførte FGU-forløb hos jer varede under en måned og giver ikke ret til udslusningstilskud.
        Er en dato forkert, så annullér indberetningen, og indberet på ny.""",
        """The FGU course last completed at your institution lasted less than a month and gives no right to
        udslusningstilskud. If a date is wrong, cancel the report and report again.""",
    ),
    "8103": (
        E.CPRNR,
        """Det er for tidligt at spørge: betingelserne er ikke opfyldt, og de fire måneder efter FGU-forløbet er endnu
        ikke gået. Spørg igen, når de er gået.""",
        """It is too early to ask: the conditions are not met, and the four months after the FGU course have not
        passed yet. Ask again when they have.""",
    ),
    "8104": (
        E.CPRNR,
        """Grundlaget er ikke tilstrækkeligt: FGU-forløbets start er ukendt, eller indkomsten er ukendt for en af de
        fire måneder. Mangler optaget, så indberet det. Spørg ellers igen senere.""",
        """There is not enough to go by: the start of the FGU course is unknown, or the income of one of the four months
        is. If the optag is missing, report it. Otherwise ask again later.""",
    ),
    "8201": (
        E.CPRNR,
        """Der er intet afbrud i første skoleår af en gymnasial uddannelse for CPR-nummeret på jeres institution, som
        kan udløse henvisningstilskud, eller afbruddet er indberettet for nylig (normalt skal der være gået 30 dage).
        Kontrollér CPR-nummeret og jeres indberetninger.""",
        """There is no afbrud in the first school year of a gymnasial education for the CPR number at your institution
        that can give henvisningstilskud, or the afbrud was reported recently (normally 30 days must have passed). Check
        the CPR number and your reports.""",
    ),
    "8202": (
        E.CPRNR,
        """Det er for tidligt at spørge: der er endnu ikke gået seks måneder siden afbruddet. Spørg igen, når de er
        gået.""",
        """It is too early to ask: six months have not passed since the afbrud yet. Ask again when they have.""",
    ),
    "8204": (
        E.CPRNR,
        """Fristen er udløbet: I kan spørge til og med andet kalenderår efter det, hvor der var gået seks måneder. I
        skal ikke foretage jer mere.""",
        """The deadline has passed: you can ask until the end of the second calendar year after the one in which six
        months had passed. There is nothing more to do.""",
    ),
    "8301": (
        E.CPRNR,
        """Der er intet åbent forløb for CPR-nummeret på jeres institution, eller det er indberettet for nylig (normalt
        skal der være gået 7 dage). Kontrollér CPR-nummeret, og at I har indberettet optaget.""",
        """There is no open course for the CPR number at your institution, or it was reported recently (normally 7 days
        must have passed). Check the CPR number, and check that you have reported the optag.""",
    ),
}
"""Code -> (element, Danish text, English text)."""

FETCH_NAMES: Final[dict[str, tuple[str, str]]] = {
    "8001": ("Forkert HaendelseNummer", "Wrong HaendelseNummer"),
    "8002": ("Kan ikke slås op", "Cannot be looked up"),
    "8003": ("Mere end ét kriterium", "More than one criterion"),
    "8004": ("Siden kan ikke hentes igen", "The page cannot be fetched again"),
    "8101": ("Intet gennemført FGU-forløb", "No completed FGU course"),
    "8102": ("FGU-forløbet var for kort", "FGU course too short"),
    "8103": ("For tidligt om udslusningstilskud", "Too early for udslusningstilskud"),
    "8104": ("Utilstrækkeligt grundlag", "Not enough to go by"),
    "8201": ("Intet afbrud i første skoleår", "No afbrud in the first school year"),
    "8202": ("For tidligt om henvisningstilskud", "Too early for henvisningstilskud"),
    "8204": ("Fristen er udløbet", "The deadline has passed"),
    "8301": ("Intet åbent forløb", "No open course"),
}
"""Code -> its short name in Danish and English."""

_UDSLUSNING: Final = ("8101", "8102", "8103", "8104")
_HENVISNING: Final = ("8201", "8202", "8204")

FETCH_SERVICES: Final[dict[str, tuple[str, ...]]] = {
    "8001": (DATA_TIL_KOMMUNE, DATA_TIL_INSTITUTION, DATA_TIL_DFDG),
    **dict.fromkeys((*_UDSLUSNING, "8301"), (DATA_TIL_INSTITUTION,)),
    **dict.fromkeys(_HENVISNING, (STATUS_HENVISNING,)),
}
"""Code -> the services that refuse with it, where that is not DataTilKommune alone."""

FETCH_SOURCES: Final[dict[str, str]] = {
    **dict.fromkeys(_UDSLUSNING, "V 6.1"),
    **dict.fromkeys(_HENVISNING, "STIL's interface pages"),
}
"""Code -> the source of the refusal, when it is not decided here."""


def refusal(code: str) -> Fejl:
    """Return the line of a refusal. 2001 and 2003 have the texts of their rules."""
    rule = BY_CODE.get(code)
    element, text = (rule.element, rule.tekst) if rule else FETCH_TEXTS[code][:2]
    return Fejl(code, Alvor.HAARD.value, " ".join(text.split()), element)
