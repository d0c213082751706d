"""The screens of the pages on data quality."""

from typing import Final

from tests.browser.screen import Screen, at
from tests.browser.visit import Visit
from tests.support.world import GYMNASIUM, KOMMUNE, SYSTEM
from udb.domain.services import UNGDOMSUDDANNELSE

START: Final = "/web/kvalitet/"
CONTACTS: Final = f"{START}kontakter/"
MISSING: Final = f"{START}mangler/"
TIMELY: Final = f"{START}rettidighed/"
SENDERS: Final = f"{START}afsendere/"
RULES: Final = f"{START}regler/"
FUNCTIONS: Final = f"{START}ansvarlig/"
LOOKUPS: Final = f"{START}opslag/"
_SENDER: Final = f"?institution={GYMNASIUM}&tjeneste={UNGDOMSUDDANNELSE}&system={SYSTEM}"
_LEDER: Final = "leder"
_STIL: Final = "stil"
_EMPTY: Final = "leder-tom"
_NOT_OURS: Final = "Findes ikke, eller er ikke jeres"
_REFUSED: Final = "Din rolle har ikke adgang til denne side"
_OVERVIEW: Final = "Datakvalitet"
_YEARS: Final = "Kontakter pr. år"
_LACKING: Final = "Forældede og manglende"
_ANSWERS: Final = "Ansvarlig funktion"
_LOOKS: Final = "Opslag fra kommunen"


def changed(visit: Visit) -> None:
    """Name the function."""
    visit.open(FUNCTIONS)
    visit.fill("Funktion", "Studieadministrationen")
    visit.fill("E-mail", "post@gym.example")
    visit.press("Gem")


def unreachable(visit: Visit) -> None:
    """Name a function without a way to reach it."""
    visit.open(FUNCTIONS)
    visit.fill("Funktion", "")
    visit.fill("E-mail", "")
    visit.fill("Telefon", "")
    visit.press("Gem")


def session_over(visit: Visit) -> None:
    """Name the function when the session has ended."""
    visit.log_in(_LEDER)
    visit.open(FUNCTIONS)
    visit.page.context.clear_cookies()
    visit.fill("Funktion", "KUI")
    visit.press("Gem")


def database_away(visit: Visit) -> None:
    """Open a page while the database is out of reach."""
    visit.open(START)
    with visit.without_database():
        visit.follow("Afsendere")
        visit.expect_heading("Registret svarer ikke lige nu")


QUALITY_SCREENS: Final = (
    Screen("kvalitet", _OVERVIEW, at(START), ["quality.overview"], _LEDER),
    Screen("kvalitet-stil", _OVERVIEW, at(START), [], _STIL),
    Screen("kvalitet-skole", _OVERVIEW, at(START), []),
    Screen("kvalitet-vejleder", _OVERVIEW, at(START), [], "vejleder"),
    Screen("kvalitet-ingen-adgang", _REFUSED, at(START), [], "ung", 403),
    Screen("kvalitet-kontakter", _YEARS, at(CONTACTS), ["quality_contacts.contacts"], _LEDER),
    Screen("kvalitet-kontakter-unge", _YEARS, at(f"{CONTACTS}?maal=unge"), [], _LEDER),
    Screen("kvalitet-kontakter-stil", _YEARS, at(f"{CONTACTS}?sorter=2025&retning=ned"), [], _STIL),
    Screen("kvalitet-kontakter-stil-egen", _YEARS, at(f"{CONTACTS}?art=egen"), [], _STIL),
    Screen("kvalitet-kontakter-skole", _YEARS, at(CONTACTS), []),
    Screen(
        "kvalitet-maaneder", f"Institution {KOMMUNE}: kontakter i 2023",
        at(f"{CONTACTS}maaneder?art=kui&raekke=101&aar=2023"), ["quality_contacts.months"], _LEDER,
    ),
    Screen("kvalitet-ikke-jeres", _NOT_OURS, at(f"{CONTACTS}maaneder?raekke=751&aar=2023"), [], _LEDER, 404),
    Screen("kvalitet-mangler", _LACKING, at(MISSING), ["quality_missing.lacking"], _LEDER),
    Screen("kvalitet-mangler-stil", _LACKING, at(MISSING), [], _STIL),
    Screen("kvalitet-mangler-skole", _LACKING, at(MISSING), []),
    Screen("kvalitet-rettidighed", "Rettidighed", at(TIMELY), ["quality_timely.month"], _LEDER),
    Screen("kvalitet-rettidighed-ingen", "Rettidighed", at(f"{TIMELY}?maaned=2025-09"), [], _LEDER),
    Screen(
        "kvalitet-rettidighed-afsender", f"Institution {GYMNASIUM}: rettidighed pr. måned",
        at(f"{TIMELY}afsender{_SENDER}"), ["quality_timely.sender"],
    ),
    Screen("kvalitet-afsendere", "Afsendere", at(SENDERS), ["quality_senders.senders"], _LEDER),
    Screen("kvalitet-afsendere-skole", "Afsendere", at(SENDERS), []),
    Screen("kvalitet-afsendere-ingen", "Afsendere", at(f"{SENDERS}?vurdering=fald"), [], _LEDER),
    Screen(
        "kvalitet-afsender", f"Institution {GYMNASIUM}", at(f"{SENDERS}en{_SENDER}"), ["quality_senders.one"], _LEDER,
    ),
    Screen("kvalitet-afsender-vejleder", _REFUSED, at(SENDERS), [], "vejleder", 403),
    Screen("kvalitet-regler", "Regelkontrol", at(RULES), ["quality_rules.rules"], _LEDER),
    Screen("kvalitet-regler-ingen", "Regelkontrol", at(RULES), [], _EMPTY),
    Screen("kvalitet-ansvarlig", _ANSWERS, at(FUNCTIONS), ["quality_responsible.shown"]),
    Screen("kvalitet-ansvarlig-gemt", _ANSWERS, changed, ["quality_responsible.changed"]),
    Screen("kvalitet-ansvarlig-fejl", _ANSWERS, unreachable, [], _LEDER, 422),
    Screen("kvalitet-opslag", _LOOKS, at(LOOKUPS), ["quality_lookups.lookups"], _LEDER),
    Screen("kvalitet-opslag-fejl", _LOOKS, at(f"{LOOKUPS}?fra=i+gaar"), [], _LEDER, 422),
    Screen("kvalitet-opslag-ingen", _LOOKS, at(f"{LOOKUPS}?fra=01-01-2020&til=02-01-2020"), [], _LEDER),
    Screen("kvalitet-session-slut", "Du er logget ud", session_over, [], None, 403),
    Screen("kvalitet-database-vaek", "Registret svarer ikke lige nu", database_away, [], _LEDER, 503),
)  # fmt: skip
"""The list."""
