"""The screens of a kommune's pages."""

from typing import Final

from tests.browser import youths
from tests.browser.screen import Screen, Way, at
from tests.browser.visit import Visit
from tests.support.reports import CPRNR
from udb.portal.youths.registration_forms import TITLES, Hvad
from udb.portal.youths.registrations import TABS

START: Final = "/web/unge/"
PURPOSE: Final = "Hvad skal du bruge oplysningerne til?"
RECEIPT: Final = "Registreringen er modtaget"
REFUSED: Final = "Din rolle har ikke adgang til denne side"
NOT_AGREED: Final = "Kommunen er ikke godkendt til at se og registrere her"
AWAY: Final = "Registret svarer ikke lige nu"
NEW: Final = "Ny kontaktpersons"


def page(path: str) -> Way:
    """Return the way to a page; the purpose is said where it is asked for."""

    def opened(visit: Visit) -> None:
        visit.open(path)
        if visit.page.url.endswith("/formaal"):
            visit.choose("Vejledning af den unge")
            visit.press("Fortsæt")
            visit.expect_heading("Unge i kommunen")
            visit.open(path)

    return opened


def find(visit: Visit, said: str) -> None:
    """Look a CPR number up."""
    page(START)(visit)
    visit.fill("CPR-nummer", said)
    visit.press("Find")


def found(said: str) -> Way:
    """Return the way to what the look-up of a number shows."""
    return lambda visit: find(visit, said)


def no_purpose(visit: Visit) -> None:
    """Go on without a purpose."""
    visit.open(f"{START}formaal")
    visit.press("Fortsæt")


def named(visit: Visit) -> None:
    """Show a protected name."""
    find(visit, youths.PROTECTED)
    visit.press("Vis navnet")


def looked_up_too_often(visit: Visit) -> None:
    """Look up too many numbers."""
    with visit.looked_up_too_often():
        find(visit, CPRNR)
        visit.expect_heading("Du har slået for mange CPR-numre op")


def refused_too_often(visit: Visit) -> None:
    """Look up numbers that are refused."""
    with visit.refused_too_often():
        find(visit, CPRNR)
        visit.expect_heading("Vent 10 sekunder")


def short(path: str, heading: str) -> Way:
    """Return the way to a page that can hold one youth only."""

    def opened(visit: Visit) -> None:
        with visit.short_lists():
            page(path)(visit)
            visit.expect_heading(heading)

    return opened


def session_over(visit: Visit) -> None:
    """Look a number up when the session has ended."""
    visit.log_in("vejleder")
    visit.expect_heading("Ungedatabasen")
    page(START)(visit)
    visit.page.context.clear_cookies()
    visit.fill("CPR-nummer", CPRNR)
    visit.press("Find")


def database_away(visit: Visit) -> None:
    """Look a number up while the database is out of reach."""
    page(START)(visit)
    visit.fill("CPR-nummer", CPRNR)
    with visit.without_database():
        visit.press("Find")
        visit.expect_heading(AWAY)


LINKS: Final = {
    Hvad.KONTAKTPERSON: "Kontaktperson",
    Hvad.OENSKER: "Ønsker",
    Hvad.AKTIVITET: "Aktivitet",
    Hvad.MARKERING: "Risiko eller afbrud",
    Hvad.TID: "Kontakt- eller tilbudstid",
}


def form(hvad: Hvad, cprnr: str = youths.YOUNG) -> Way:
    """Return the way to the form of a registration."""

    def opened(visit: Visit) -> None:
        find(visit, cprnr)
        visit.follow(LINKS[hvad])
        visit.expect_heading(TITLES[hvad])

    return opened


def sent_empty(hvad: Hvad) -> Way:
    """Return the way to what an empty form is answered with."""

    def pressed(visit: Visit) -> None:
        form(hvad)(visit)
        visit.press("Kontrollér")

    return pressed


def filled(visit: Visit, telephone: str = "") -> None:
    """Write a contact person without a telephone of a youth of its own, and have it judged."""
    form(Hvad.KONTAKTPERSON, visit.youth())(visit)
    visit.fill("Navn", "Vera Vejleder")
    visit.fill("E-mail", "vera@kommune.example")
    visit.fill("Telefon", telephone)
    visit.press("Kontrollér")


def wrong_telephone(visit: Visit) -> None:
    """Write a telephone number of two digits."""
    filled(visit, "12")


def unticked(visit: Visit) -> None:
    """Send without the tick at the advice."""
    filled(visit)
    visit.press("Send")


def registered(visit: Visit) -> None:
    """Register the contact person."""
    filled(visit)
    visit.tick_all()
    visit.press("Send")


def used(visit: Visit) -> None:
    """Register in a tab of its own, then change the name in the first and send the form again."""
    filled(visit)
    visit.tick_all()
    visit.press_into_new_tab("Send", RECEIPT)
    visit.press("Ret oplysninger")
    visit.fill("Navn", "Viggo Vejleder")
    visit.press("Kontrollér")


def timed(visit: Visit) -> None:
    """Write a contact time, and have it judged."""
    cprnr = visit.youth("710309")
    youths.broken_off(visit.site.endpoint, cprnr)
    form(Hvad.TID, cprnr)(visit)
    visit.date(14)
    visit.fill("Klokkeslæt", "09:30")
    visit.page.locator("select").select_option(index=1)
    visit.press("Kontrollér")


def away_when_sent(visit: Visit) -> None:
    """Send while the database is out of reach."""
    filled(visit)
    visit.tick_all()
    with visit.without_database():
        visit.press("Send")
        visit.expect_heading(AWAY)


def over_when_sent(visit: Visit) -> None:
    """Send when the session has ended."""
    visit.log_in("vejleder")
    visit.expect_heading("Ungedatabasen")
    filled(visit)
    visit.tick_all()
    visit.page.context.clear_cookies()
    visit.press("Send")


def of_own(visit: Visit) -> str:
    """Return the name of a contact person that one youth has."""
    cprnr = visit.youth()
    navn = f"Mona Midlertidig {cprnr[-4:]}"
    youths.contact(visit.site.endpoint, cprnr, navn)
    return navn


def own(art: str, action: str) -> Way:
    """Return the way to what an action of the first of the own registrations asks; contacts: of one of its own."""

    def opened(visit: Visit) -> None:
        text = of_own(visit) if art == "kontakter" else ""
        page(f"{START}egne/?art={art}&tilstand=gaelder&tekst={text}")(visit)
        visit.page.locator("td").get_by_role("link", name=action).first.click()

    return opened


def deleted(visit: Visit) -> None:
    """Delete a contact person."""
    own("kontakter", "Slet")(visit)
    visit.press("Slet kontaktpersonen")


def of_many(visit: Visit, *, moved: bool = False) -> None:
    """Find the youths of a contact person, to get another; ``moved``: one of them moves before it is sent."""
    numbers = [visit.youth() for _ in range(2)]
    for cprnr in numbers:
        youths.contact(visit.site.endpoint, cprnr, f"Bent Barsel {numbers[0][-4:]}")
    change(visit, f"Bent Barsel {numbers[0][-4:]}")
    visit.expect_heading("Markér de unge")
    if moved:
        visit.site.world.person(numbers[0], kommune="751")


def change(visit: Visit, old: str) -> None:
    """Fill in the form of a change for many."""
    page(f"{START}egne/skift/")(visit)
    visit.fill("Nuværende kontaktpersons navn eller e-mail", old)
    for label, text in (("navn", "Ny Vejleder"), ("e-mail", "ny@kommune.example"), ("telefon", "23456789")):
        visit.fill(f"{NEW} {label}", text)
    visit.press("Find de unge")


def of_nobody(visit: Visit) -> None:
    """Mean no youth."""
    change(visit, "Ingen af dem")


def empty_change(visit: Visit) -> None:
    """Send the empty form of a change for many."""
    page(f"{START}egne/skift/")(visit)
    visit.press("Find de unge")


def changed(visit: Visit) -> None:
    """Change for many, of which one is refused."""
    of_many(visit, moved=True)
    visit.press("Registrér for de markerede")


def unmarked(visit: Visit) -> None:
    """Mark no youth."""
    of_many(visit)
    visit.tick_all()
    visit.press("Registrér for de markerede")


def of_open_course(hvad: Hvad) -> Way:
    """Return the way to the form of a registration about a course that the youth does not have."""
    return form(hvad, youths.EMPTY)


LIST, MINE, MANY = f"{START}liste/", f"{START}egne/", "Skift kontaktperson for flere"
OFFICER: Final = "vejleder"
_FRONT: Final = (
    Screen("unge-formaal", PURPOSE, at(START), ["youths.purpose"], "vejleder-formaal"),
    Screen("unge-formaal-fejl", PURPOSE, no_purpose, ["youths.purpose_chosen"], "vejleder-formaal", 422),
    Screen("unge-forside", "Ungedatabasen", at("/web/"), [], OFFICER),
    Screen("unge", "Unge i kommunen", page(START), ["youths.front"], OFFICER),
    Screen("unge-fejl", "Unge i kommunen", found("12"), ["youths.find"], OFFICER, 422),
    Screen("unge-vises-ikke", "Oplysningerne kan ikke vises", found("7103075102"), [], OFFICER, 404),
    Screen("unge-for-mange-opslag", "Du har slået for mange CPR-numre op", looked_up_too_often, [], OFFICER, 429),
    Screen("unge-vent", "Vent 10 sekunder", refused_too_often, [], OFFICER, 429),
    Screen("unge-uden-aftale", NOT_AGREED, found(CPRNR), [], "vejleder-uden-aftale", 403),
    Screen("unge-ingen-adgang", REFUSED, at(START), [], "skole", 403),
    Screen("unge-ingen-adgang-ung", REFUSED, at(START), [], "ung", 403),
    Screen("unge-session-slut", "Du er logget ud", session_over, [], None, 403),
    Screen("unge-database-vaek", AWAY, database_away, [], OFFICER, 503),
)
_YOUTH: Final = (
    Screen("ung", "Alma Berg", found(CPRNR), ["youths.show"], OFFICER),
    Screen("ung-leder", "Alma Berg", found(CPRNR), [], "leder"),
    Screen("ung-frist", "Malthe Opdigtet-Kristoffersen", found(youths.YOUNG), [], OFFICER),
    Screen("ung-frist-aaben", "Sara Ventende", found(youths.WAITING), [], OFFICER),
    Screen("ung-tom", "Den unge", found(youths.EMPTY), [], OFFICER),
    Screen("ung-beskyttet", "Navnet er beskyttet", found(youths.PROTECTED), [], OFFICER),
    Screen("ung-navn", "Skjult Navn", named, ["youths.reveal"], OFFICER),
)
_LIST: Final = (
    Screen("unge-liste", "Kommunens unge", page(LIST), ["residents.listed"], OFFICER),
    Screen("unge-liste-leder", "Kommunens unge", page(f"{LIST}?udfald=åben"), [], "leder"),
    Screen("unge-liste-ingen", "Kommunens unge", page(f"{LIST}?situation=fgu&alder_fra=29"), [], OFFICER),
    Screen("unge-liste-tom", "Kommunens unge", page(LIST), [], "vejleder-tom"),
    Screen("unge-liste-fejl", "Kommunens unge", page(f"{LIST}?alder_fra=12&skole=x"), [], OFFICER, 422),
    Screen("unge-liste-for-mange", "Kommunens unge", short(LIST, "Kommunens unge"), [], OFFICER),
    Screen(
        "unge-liste-fil-for-mange", "Listen kan ikke hentes", short(f"{LIST}hent.csv", "Listen kan ikke hentes"),
        ["residents.file"], OFFICER, 422,
    ),
)  # fmt: skip
_REGISTER: Final = (
    *(Screen(f"registrer-{hvad}", TITLES[hvad], form(hvad), ["registering.fields"], OFFICER) for hvad in Hvad),
    *(
        Screen(f"registrer-{hvad}-intet", TITLES[hvad], of_open_course(hvad), [], OFFICER)
        for hvad in (Hvad.MARKERING, Hvad.TID)
    ),
    *(
        Screen(f"registrer-{hvad}-tom", TITLES[hvad], sent_empty(hvad), ["registering.send"], OFFICER, 422)
        for hvad in (Hvad.OENSKER, Hvad.AKTIVITET, Hvad.MARKERING, Hvad.TID)
    ),
    Screen("registrer-afvist", "Kontaktperson", wrong_telephone, ["registering.send"], OFFICER, 422),
    Screen("registrer-kontroller", "Kontaktperson", filled, ["registering.send"], OFFICER),
    Screen("registrer-kontroller-tid", TITLES[Hvad.TID], timed, [], OFFICER),
    Screen("registrer-uden-hak", "Kontaktperson", unticked, [], OFFICER, 422),
    Screen("registrer-kvittering", RECEIPT, registered, [], OFFICER),
    Screen("registrer-allerede-sendt", "Allerede sendt", used, [], OFFICER, 422),
    Screen("registrer-database-vaek", AWAY, away_when_sent, [], OFFICER, 503),
    Screen("registrer-session-slut", "Du er logget ud", over_when_sent, [], None, 403),
    Screen("registrer-ingen-adgang", REFUSED, at(f"{START}s/x/registrer/tid"), [], "leder", 403),
)
_OWN: Final = (
    *(
        Screen(f"egne-{art}", "Egne registreringer", page(f"{MINE}?art={art.value}"), ["registrations.mine"], OFFICER)
        for art in TABS
    ),
    Screen("egne-leder", "Egne registreringer", page(MINE), [], "leder"),
    Screen("egne-ingen", "Egne registreringer", page(MINE), [], "vejleder-tom"),
    Screen("egne-fejl", "Egne registreringer", page(f"{MINE}?fra=i+gaar&skole=x"), [], OFFICER, 422),
    Screen("egne-bekraeft", "Bekræft kontaktpersonen", own("kontakter", "Bekræft"), ["actions.confirm"], OFFICER),
    Screen(
        "egne-slet-kontakt", "Slet kontaktpersonen", own("kontakter", "Slet"),
        ["actions.delete_contact"], OFFICER,
    ),
    Screen("egne-slet-oensker", "Slet ønskerne", own("oensker", "Slet"), ["actions.delete_wishes"], OFFICER),
    Screen("egne-annuller", "Annullér registreringen", own("tider", "Annullér"), ["actions.cancel"], OFFICER),
    Screen("egne-kvittering", RECEIPT, deleted, [], OFFICER),
    Screen(
        "egne-findes-ikke", "Registreringen findes ikke, eller den er ikke jeres",
        page(f"{MINE}kontakt/x/slet"), [], OFFICER, 404,
    ),
    Screen("egne-ingen-adgang", REFUSED, at(f"{MINE}kontakt/x/slet"), [], "leder", 403),
)  # fmt: skip
_MANY: Final = (
    Screen("skift", MANY, page(f"{MINE}skift/"), ["many.choose"], OFFICER),
    Screen("skift-tom", MANY, empty_change, ["many.check"], OFFICER, 422),
    Screen("skift-ingen", MANY, of_nobody, [], OFFICER, 422),
    Screen("skift-marker", "Markér de unge", of_many, ["many.check"], OFFICER),
    Screen("skift-ingen-markeret", MANY, unmarked, ["many.send"], OFFICER, 422),
    Screen("skift-kvittering", "Kontaktpersonen er sendt", changed, ["many.send"], OFFICER),
    Screen("skift-ingen-adgang", REFUSED, at(f"{MINE}skift/"), [], "leder", 403),
)
KOMMUNE_SCREENS: Final = (*_FRONT, *_YOUTH, *_LIST, *_REGISTER, *_OWN, *_MANY)
"""The list. It grows with the pages."""
