"""Every screen of the pages in each of its states: the one list that ``test_screens.py`` goes through.

To add a page, add a ``Screen`` here, or in the module ``*_screens.py`` of its room: what it is called, whose session
opens it, and how it is reached. Its picture is then in ``build/pictures``, and it is tried with axe, by keyboard,
narrow, enlarged and without the design system. A page without a screen fails ``test_every_page_has_a_screen``.
"""

from typing import Final

from tests.browser.figures_screens import FIGURES_SCREENS
from tests.browser.kommune_screens import KOMMUNE_SCREENS
from tests.browser.own_screens import OWN_SCREENS
from tests.browser.quality_screens import QUALITY_SCREENS
from tests.browser.reconciliation_screens import RECONCILIATION_SCREENS
from tests.browser.screen import Screen, Way, at, log_in
from tests.browser.system_change_screens import SYSTEM_CHANGE_SCREENS
from tests.browser.visit import Visit
from tests.support.reports import optag
from tests.support.world import GYMNASIUM
from udb.domain.services import FGU, FORBEREDENDE_AKTIVITET, INSTITUTION_KONTAKT, UNGDOMSUDDANNELSE, VIDEREGAAENDE
from udb.portal.reporting.tasks import TITLES, Hvad

NOT_AGREED: Final = "Institutionen er ikke godkendt til at indberette det manuelt"
MISSING: Final = "Indberetningen findes ikke, eller den er ikke jeres"


def form(hvad: str = "optaget", tjeneste: str = UNGDOMSUDDANNELSE) -> Way:
    """Return the way to the form of a task."""
    return at(f"/web/indberet/oplysninger?tjeneste={tjeneste}&hvad={hvad}")


def filled(visit: Visit, *, day: int = 14, hvad: str = "afbrudt", cprnr: str | None = None) -> None:
    """Fill in the form of an afbrud, or of an optag; the youth has an optag."""
    cprnr = cprnr or enrolled(visit)
    form(hvad)(visit)
    visit.fill("CPR-nummer", cprnr)
    visit.date(day)
    if hvad == "afbrudt":
        visit.choose("Personlige forhold")
    visit.fill("Uddannelse", "3017")


def enrolled(visit: Visit) -> str:
    """Return the CPR number of a youth with an optag of 3 August by the institution's own system."""
    cprnr = visit.youth()
    optag(visit.site.endpoint, cprnr, 3)
    return cprnr


def checked(visit: Visit) -> None:
    """Fill in an afbrud and have it judged: step 3, with an advice."""
    filled(visit)
    visit.press("Kontrollér")


def sent(visit: Visit) -> None:
    """Report an afbrud."""
    checked(visit)
    visit.tick_all()
    visit.press("Indberet")


def unticked(visit: Visit) -> None:
    """Report an afbrud without the tick at its advice."""
    checked(visit)
    visit.press("Indberet")


def used(visit: Visit) -> None:
    """Report in a tab of its own, then change the date in the first and send the form again."""
    checked(visit)
    visit.expect_heading("Kontrollér, og indberet")
    visit.tick_all()
    visit.press_into_new_tab("Indberet", "Indberetningen er modtaget")
    visit.press("Ret oplysninger")
    visit.expect_heading("Ungdomsuddannelse: Afbrudt")
    visit.fill("Dag", "13")
    visit.press("Kontrollér")


def refused(visit: Visit) -> None:
    """Fill in an afbrud of tomorrow."""
    filled(visit, day=18)
    visit.press("Kontrollér")


def empty(visit: Visit) -> None:
    """Send an empty form."""
    form("afbrudt")(visit)
    visit.press("Kontrollér")


def one_of_mine(visit: Visit) -> None:
    """Report an afbrud and open it in the list."""
    sent(visit)
    visit.follow("Mine indberetninger")
    visit.page.locator("table a").first.click()


def revealed(visit: Visit) -> None:
    """Show the CPR number of a report."""
    one_of_mine(visit)
    visit.press("Vis CPR-nummeret")


def cancelling(visit: Visit) -> None:
    """Ask to cancel a report."""
    one_of_mine(visit)
    visit.follow("Annullér indberetningen")


def cancelled(visit: Visit) -> None:
    """Cancel a report."""
    cancelling(visit)
    visit.tick_all()
    visit.press("Annullér indberetningen")


def cancelled_detail(visit: Visit) -> None:
    """Open a cancelled report."""
    cancelled(visit)
    visit.expect_heading("Indberetningen er annulleret")
    visit.open("/web/indberet/mine/?resultat=annulleret")
    visit.page.locator("table a").first.click()


FILE_HEAD: Final = "reference;CPRNr;InstitutionNummer;HaendelseDato;Status;AfbrudsarsagsKode;COsAFormaal\n"


def file(visit: Visit) -> None:
    """Choose a file: a line that holds, one that only advises, one that is refused, and one with nine digits."""
    cprs = [enrolled(visit) for _ in range(3)]
    lines = [
        f"a1;{cprs[0]};{GYMNASIUM};17-08-2026;2;904;3017",
        f"a2;{cprs[1]};{GYMNASIUM};2026-08-14;2;904;3017",
        f"a3;{cprs[2]};{GYMNASIUM};2026-08-19;2;904;3017",
        f"a4;{cprs[2][:-1]};{GYMNASIUM};2026-08-14;2;904;3017",
    ]
    visit.open("/web/indberet/fil/")
    content = (FILE_HEAD + "\n".join(lines)).encode("cp1252")
    visit.choose("Ungdomsuddannelse")
    visit.page.set_input_files("#fil", {"name": "afbrud.csv", "mimeType": "text/csv", "buffer": content})
    visit.press("Kontrollér")


def file_sent(visit: Visit) -> None:
    """Send the valid lines of a file."""
    file(visit)
    visit.tick_all()
    visit.press("Send de gyldige")


def no_file(visit: Visit) -> None:
    """Send the page of a file without one."""
    visit.open("/web/indberet/fil/")
    visit.press("Kontrollér")


def logged_out(visit: Visit) -> None:
    """Log in and out."""
    visit.log_in("skole")
    visit.press("Log ud")


def session_over(visit: Visit) -> None:
    """Be at step 3 when the session ends."""
    visit.log_in("skole")
    checked(visit)
    visit.expect_heading("Kontrollér, og indberet")
    visit.page.context.clear_cookies()
    visit.tick_all()
    visit.press("Indberet")


def other_tab(visit: Visit) -> None:
    """Send a form of a session that has been replaced in another tab."""
    visit.log_in("to-skoler")
    visit.press("Fortsæt")
    form()(visit)
    with visit.page.context.expect_page() as opened:
        visit.page.evaluate("window.open('/web/rolle')")
    tab = opened.value
    tab.get_by_role("button", name="Fortsæt").click()
    tab.wait_for_url("**/web/")
    tab.close()
    visit.press("Kontrollér")


def database_away(visit: Visit) -> None:
    """Be at step 3 when the database goes out of reach."""
    checked(visit)
    visit.expect_heading("Kontrollér, og indberet")
    visit.tick_all()
    with visit.without_database():
        visit.press("Indberet")
        visit.expect_heading("Registret svarer ikke lige nu")


def busy(visit: Visit) -> None:
    """Log in while the provider keeps all threads that may wait for it."""
    with visit.providers_busy():
        visit.open("/web/log-ind/unilogin")
        visit.expect_heading("Et øjeblik")


def too_often(visit: Visit) -> None:
    """Fail to log in too often."""
    with visit.failed_too_often():
        visit.open("/web/log-ind/unilogin")


UNGDOM_TITLE: Final = "Ungdomsuddannelse"
GRADE_TITLE: Final = f"{TITLES[FORBEREDENDE_AKTIVITET]}: Optaget"
HIGHER_TITLE: Final = f"{TITLES[VIDEREGAAENDE]}: Optaget"
SCREENS: Final = (
    Screen("offentlig-forside", "Ungedatabasen", at("/"), [], None),
    Screen("offentlig-404", "Siden findes ikke", at("/ukendt"), [], None, 404),
    Screen("regler", "Regelbog", at("/regler"), [], None),
    Screen("regler-4003", "4003 Afbrud uden årsag", at("/regler/4003"), [], None),
    Screen("regler-soeg", "Regelbog", at("/regler?soeg=afbrud"), [], None),
    Screen("koder", "Kodesæt", at("/koder"), [], None),
    Screen("koder-afbrudsaarsager", "Afbrudsårsager", at("/koder/afbrudsaarsager"), [], None),
    Screen("tjeneste", "DataTilKommune", at("/services/UDB/DataTilKommune/v1"), [], None),
    Screen("forside", "Ungedatabasen", at("/web/"), ["front.front"], user=None),
    Screen("forside-skole", "Ungedatabasen", at("/web/"), ["front.front"]),
    Screen("tilgaengelighed", "Tilgængelighedserklæring", at("/web/tilgaengelighed"), ["front.accessibility"], None),
    Screen("om-tallene", "Om tallene", at("/web/om-tallene"), ["front.about_figures"], None),
    Screen("privatliv", "Privatliv", at("/web/privatliv"), ["front.privacy"], None),
    Screen("findes-ikke", "Siden findes ikke", at("/web/ukendt"), [], None, 404),
    Screen("log-ind", "Log ind", at("/web/log-ind"), ["login.doors"], None),
    Screen("rolle", "Vælg, hvad du er her som", log_in("to-skoler"), ["login.choose", "login.chosen"], None),
    Screen("ingen-rolle", "Du er logget ind, men har ingen rolle", log_in("ukendt"), ["login.answer"], None, 403),
    Screen("ikke-logget-ind", "Du blev ikke logget ind", log_in("forkert"), ["login.answer"], None, 403),
    Screen("log-in-svarer-ikke", "Log-in svarer ikke lige nu", log_in("fejler"), ["login.answer"], None, 503),
    Screen("log-in-optaget", "Et øjeblik", busy, ["login.begin"], None, 503),
    Screen("for-mange-forsoeg", "For mange mislykkede forsøg på at logge ind", too_often, ["login.begin"], None, 429),
    Screen("logget-ud", "Du er logget ud", logged_out, ["login.out"], None),
    Screen("session-slut", "Du er logget ud", session_over, ["reporting.send"], None, 403),
    Screen("anden-fane", "Formularen blev ikke sendt", other_tab, ["reporting.check"], None, 422),
    Screen("database-vaek", "Registret svarer ikke lige nu", database_away, ["reporting.send"], status=503),
    Screen("ingen-adgang", "Din rolle har ikke adgang til denne side", at("/web/indberet/"), [], "vejleder", 403),
    Screen("indberet", "Indberet manuelt", at("/web/indberet/"), ["reporting.front"]),
    Screen("indberet-uden-aftale", "Indberet manuelt", at("/web/indberet/"), [], "uden-aftale"),
    Screen("indberet-lukket", "Indberet manuelt", at("/web/indberet/"), [], "lukket"),
    Screen("ikke-godkendt", NOT_AGREED, at("/web/indberet/ny"), ["reporting.choose"], "uden-aftale", 403),
    Screen("vaelg", "Hvad vil du indberette?", at("/web/indberet/ny"), ["reporting.choose"]),
    Screen("vaelg-fejl", "Hvad vil du indberette?", form("noget"), [], status=422),
    *(
        Screen(f"oplysninger-{hvad}", f"{UNGDOM_TITLE}: {hvad.words}", form(hvad), ["reporting.fields"])
        for hvad in Hvad
        if hvad is not Hvad.KONTAKTPERSON
    ),
    Screen("oplysninger-fgu", f"{TITLES[FGU]}: Gennemført", form("gennemfoert", FGU), [], "fgu"),
    Screen("oplysninger-klassetrin", GRADE_TITLE, form("optaget", FORBEREDENDE_AKTIVITET), [], "efterskole"),
    Screen("oplysninger-videregaaende", HIGHER_TITLE, form("optaget", VIDEREGAAENDE), [], "universitet"),
    Screen("oplysninger-kontaktperson", TITLES[INSTITUTION_KONTAKT], form("kontaktperson"), []),
    Screen("oplysninger-tom", f"{UNGDOM_TITLE}: Afbrudt", empty, ["reporting.check"], status=422),
    Screen("oplysninger-afvist", f"{UNGDOM_TITLE}: Afbrudt", refused, ["reporting.check"], status=422),
    Screen("kontroller", "Kontrollér, og indberet", checked, ["reporting.check"]),
    Screen("kontroller-uden-hak", "Kontrollér, og indberet", unticked, ["reporting.send"], status=422),
    Screen("kvittering", "Indberetningen er modtaget", sent, ["reporting.send"]),
    Screen("allerede-sendt", "Allerede sendt", used, [], status=422),
    Screen("mine", "Mine indberetninger", at("/web/indberet/mine/"), ["own_reports.mine"]),
    Screen("mine-ingen", "Mine indberetninger", at("/web/indberet/mine/?til=01-01-2020"), []),
    Screen("mine-fejl", "Mine indberetninger", at("/web/indberet/mine/?fra=i+gaar"), [], status=422),
    Screen("min", "Indberetning", one_of_mine, ["own_reports.detail"]),
    Screen("min-cpr", "Indberetning", revealed, ["own_reports.reveal"]),
    Screen("min-annulleret", "Indberetning", cancelled_detail, []),
    Screen("min-findes-ikke", MISSING, at("/web/indberet/mine/20990101000000000-0000"), [], status=404),
    Screen("annuller", "Annullér indberetningen", cancelling, ["own_reports.cancel"]),
    Screen("annulleret", "Indberetningen er annulleret", cancelled, ["own_reports.cancelled"]),
    Screen("fil", "Indberet fra en fil", at("/web/indberet/fil/"), ["report_file.choose"]),
    Screen("fil-fejl", "Indberet fra en fil", no_file, [], status=422),
    Screen("fil-kontroller", "Kontrollér filen", file, ["report_file.check"]),
    Screen("fil-kvittering", "Kvittering for filen", file_sent, ["report_file.check"]),
    *KOMMUNE_SCREENS,
    *RECONCILIATION_SCREENS,
    *OWN_SCREENS,
    *FIGURES_SCREENS,
    *SYSTEM_CHANGE_SCREENS,
    *QUALITY_SCREENS,
)  # fmt: skip
"""The list. It grows with the pages."""
