"""Every fetch in both SOAP versions: new events, by number, by CPR number, marks, look-ups, the job centres' feed."""

from typing import Any, Final

from tests.recorded import soap
from tests.recorded.calls.receipts import CONTACT, KINDS, NEVER, event, head
from tests.recorded.soap import (
    AKTIVITET,
    FGU,
    JOBCENTER,
    KOMMUNE_AKTIVITET,
    KONTAKTPERSON,
    ONSKER,
    SKOLEKONTAKT,
    TILBUDSTID,
    UNGDOM,
    VIDEREGAAENDE,
)
from tests.recorded.stage import Stage

ANNA, BO, CAJA, DAVID, EVA, FIE = (
    *("7103075101", "7103075102", "7103075103", "7103075104"),
    # She turns 25 on 15 August 2026; FIE is 17.
    *("7508015104", "6503095101"),
)
MOVED, OLD, NEW = "7103075105", "7103075106", "7103075900"
FGU_SCHOOL, GYMNASIUM, EUD_SCHOOL, KOMMUNE, OTHER = "483351", "461248", "484001", "281111", "281191"
STX: Final = KINDS[UNGDOM][1]
EUD: Final = {"Uddannelse": {"COsAFormaal": "9100", "COsAFormaalVersion": 2}}
HF: Final = {"Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": 2}}


def play(stage: Stage) -> None:
    stage.register.build()
    stage.register.institution("280999", type3="STAR")
    stage.register.institution("461399", type3="1061", agreed=True)
    reports = lives(stage)
    small = stage.register.sandbox(sidestoerrelse=4)
    for version in soap.VERSIONS:
        by_number(stage, version, reports, small)
        by_cprnr(stage, version)
        marks(stage, version, reports)
        look_ups(stage, version)
        refused(stage, version)
    new_events(stage, small)
    grants(stage)
    later(stage, reports)


class Reports:
    """Sends reports, one after the other, under names; keeps their numbers."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.numbers: dict[str, str] = {}

    def send(self, name: str, service: str, payload: dict[str, Any]) -> None:
        answer = self.stage.call(f"report: {name}", service, payload, ("1.1", "1.2")[len(self.numbers) % 2])
        self.numbers[name] = answer.number

    def of(
        self,
        name: str,
        cprnr: str,
        institution: str,
        kind: dict[str, Any],
        day: str,
        service: str = UNGDOM,
        **more: Any,
    ) -> None:
        self.send(name, service, event(cprnr, institution, kind, HaendelseDato=f"{day}T00:00:00", **more))


def lives(stage: Stage) -> Reports:
    for cprnr in (ANNA, BO, CAJA, DAVID, EVA, FIE, OLD):
        stage.register.person(cprnr)
    stage.register.person(MOVED, kommune="751")
    reports = Reports(stage)
    left = {"status": 2, "AfbrudsarsagsKode": "904"}
    reports.of("activity", ANNA, "449010", KINDS[AKTIVITET][1], "2025-08-01", AKTIVITET)
    reports.of("FGU", ANNA, FGU_SCHOOL, KINDS[FGU][1], "2025-08-11", FGU)
    reports.of("FGU done", ANNA, FGU_SCHOOL, KINDS[FGU][1], "2025-12-31", FGU, status=3)
    reports.of("STX", ANNA, GYMNASIUM, STX, "2026-01-05")
    reports.of("STX left", ANNA, GYMNASIUM, STX, "2026-02-01", **left)
    reports.of("EUD", ANNA, EUD_SCHOOL, EUD, "2026-02-02")
    reports.of("HF", ANNA, GYMNASIUM, HF, "2026-08-01")
    reports.of("kommune", BO, KOMMUNE, {"KommuneAktivitetsKode": "K51"}, "2026-08-01", KOMMUNE_AKTIVITET)
    reports.of("pupil", BO, "461249", STX, "2026-08-02")
    about = {"IfoelgeKommunen": "Risiko", "VedroererHaendelseNummer": reports.numbers["pupil"]}
    reports.of("mark", BO, KOMMUNE, about, "2026-08-05", KOMMUNE_AKTIVITET)
    reports.of("student", DAVID, "485001", KINDS[VIDEREGAAENDE][1], "2026-08-01", VIDEREGAAENDE)
    reports.of("activity reported late", DAVID, "449010", KINDS[AKTIVITET][1], "2024-08-01", AKTIVITET)
    reports.of("moved", MOVED, GYMNASIUM, STX, "2026-08-03")
    reports.of("under an old number", OLD, GYMNASIUM, STX, "2026-08-04")
    reports.of("at 24", EVA, GYMNASIUM, STX, "2026-08-06")
    reports.of("STX of FIE", FIE, GYMNASIUM, STX, "2026-08-01")
    reports.of("STX of FIE left", FIE, GYMNASIUM, STX, "2026-08-06", **left)
    time = {
        **head(FIE, KOMMUNE),
        "Type": "Kontakttid",
        "HaendelseDato": "2026-08-07T10:00:00",
        "AfbrudHaendelseNummer": reports.numbers["STX of FIE left"],
        "KildeLeverandoer": "Kommunesystem",
        "Annullering": False,
    }
    reports.send("time", TILBUDSTID, time)
    reports.send("contact", KONTAKTPERSON, head(ANNA, KOMMUNE) | CONTACT)
    wish = {
        "JobOnsker": [{"JobOnsker": "Smed"}, {"JobOnsker": "Kok"}],
        "UddannelsesOnsker": [{"UddannelsesOnsker": "EUD"}],
    }
    reports.send("wishes", ONSKER, head(ANNA, KOMMUNE) | wish)
    source = {"KildeLeverandoer": "DFDG"}
    begin = {"Handling": "Opret", "Startdato": "2026-08-01T00:00:00", "Kontaktperson": CONTACT}
    reports.send("subscription", JOBCENTER, head(ANNA, "280999") | source | {"Abonnement": begin})
    reports.send("subscription of BO", JOBCENTER, head(BO, "280999") | source | {"Abonnement": begin})
    reports.send("school's contact", SKOLEKONTAKT, head(ANNA, GYMNASIUM) | CONTACT)
    activity = {
        "AktivitetsgruppeKode": "J20",
        "Status": 1,
        "HaendelseDato": "2026-08-02T00:00:00",
        "Annullering": False,
    }
    reports.send("job activity", JOBCENTER, head(ANNA, "280999") | source | {"Aktivitet": activity})
    reports.of("cancelled", CAJA, GYMNASIUM, STX, "2026-08-05")
    gone = {"Annullering": True, "HaendelseNummer": reports.numbers["cancelled"]}
    reports.of("cancellation", CAJA, GYMNASIUM, STX, "2026-08-05", **gone)
    stage.register.change_number(OLD, NEW)
    return reports


def by_number(stage: Stage, version: str, reports: Reports, small: Any) -> None:
    for name, number in (
        ("the beginning", NEVER),
        ("the middle", reports.numbers["mark"]),
        ("the end", reports.numbers["cancellation"]),
    ):
        for institution in (KOMMUNE, OTHER):
            asked = {"InstitutionNummer": institution, "HaendelseNummer": number}
            stage.call(f"by number: {institution} from {name} {version}", "HentHaendelser", asked, version)
        dfdg = {"InstitutionNummer": "280999", "HaendelseNummer": number}
        stage.call(f"by number: DFDG from {name} {version}", "HentHaendelserDFDG", dfdg, version)
    number = NEVER
    for page in range(1, 7):
        asked = {"InstitutionNummer": KOMMUNE, "HaendelseNummer": number}
        answer = stage.call(f"by number: page {page} {version}", "HentHaendelser", asked, version, app=small)
        number = answer.text("HoejesteHaendelseNummer")
    asked = {"InstitutionNummer": KOMMUNE, "HaendelseNummer": NEVER}
    stage.call(
        f"by number: the same key again {version}",
        "HentHaendelser",
        asked,
        version,
        f"by number: page 1 {version}",
        app=small,
    )


def by_cprnr(stage: Stage, version: str) -> None:
    for cprnr in (ANNA, BO, CAJA, DAVID, EVA, FIE, MOVED, OLD, NEW, "7103075999", "0000000000"):
        for institution in (KOMMUNE, OTHER):
            asked = {"InstitutionNummer": institution, "CPRNr": cprnr}
            stage.call(f"by CPRNr: {institution} {cprnr} {version}", "HentHaendelser", asked, version)


def marks(stage: Stage, version: str, reports: Reports) -> None:
    for name, number in (("the beginning", NEVER), ("the mark", reports.numbers["mark"])):
        for institution in (GYMNASIUM, "461249", EUD_SCHOOL, "461399"):
            asked = {"InstitutionNummer": institution, "HaendelseNummer": number}
            stage.call(f"marks: {institution} from {name} {version}", "HentMarkeringer", asked, version)
    for institution in (GYMNASIUM, KOMMUNE):
        stage.call(
            f"marks: {institution} without number {version}",
            "HentMarkeringer",
            {"InstitutionNummer": institution},
            version,
        )


def look_ups(stage: Stage, version: str) -> None:
    for operation, institutions in (
        ("HentUddannelsespaalaeg", (GYMNASIUM, EUD_SCHOOL, "461399", KOMMUNE)),
        ("HentUdslusningstilskud", (FGU_SCHOOL, GYMNASIUM, KOMMUNE)),
        ("HentStatusHenvisning", (GYMNASIUM, "461399", KOMMUNE)),
    ):
        for institution in institutions:
            for cprnr in (ANNA, BO, DAVID, OLD, "7103075999"):
                asked = {"InstitutionNummer": institution, "CPRNr": cprnr}
                stage.call(f"{operation}: {institution} {cprnr} {version}", operation, asked, version)


def refused(stage: Stage, version: str) -> None:
    for name, asked in (
        ("both criteria", {"HaendelseNummer": NEVER, "CPRNr": ANNA}),
        ("number of no form", {"HaendelseNummer": "UDB-1"}),
        ("number in other digits", {"HaendelseNummer": "UDB-" + "٣" * 23}),
        ("number of a course", {"HaendelseNummer": "UDB-FL-" + "0" * 23}),
        ("number too high", {"HaendelseNummer": "UDB-" + "9" * 23}),
    ):
        stage.call(f"refused: {name} {version}", "HentHaendelser", {"InstitutionNummer": KOMMUNE, **asked}, version)
        if "CPRNr" not in asked:
            stage.call(
                f"refused: marks, {name} {version}",
                "HentMarkeringer",
                {"InstitutionNummer": GYMNASIUM, **asked},
                version,
            )
            stage.call(
                f"refused: DFDG, {name} {version}",
                "HentHaendelserDFDG",
                {"InstitutionNummer": "280999", **asked},
                version,
            )
    for operation, institution in (
        ("HentHaendelser", GYMNASIUM),
        ("HentHaendelserDFDG", KOMMUNE),
        ("HentHaendelser", "280999"),
    ):
        stage.call(
            f"refused: {operation} of {institution} {version}", operation, {"InstitutionNummer": institution}, version
        )
    stage.register.institution(OTHER, type3="KOM", kommune="751", in_register=False)
    stage.call(
        f"refused: out of the register {version}",
        "HentHaendelser",
        {"InstitutionNummer": OTHER, "HaendelseNummer": "x"},
        version,
    )
    stage.register.institution(OTHER, type3="KOM", kommune="751")


def new_events(stage: Stage, small: Any) -> None:
    """Without criterion: pages, the same page again, keys that were used, a connection that breaks, two systems."""
    asked = {"InstitutionNummer": KOMMUNE}
    for page in range(1, 4):
        stage.call(f"new: page {page}", "HentHaendelser", asked, ("1.1", "1.2")[page % 2], app=small)
    stage.call("new: page 3 again in the other version", "HentHaendelser", asked, "1.1", "new: page 3", app=small)
    stage.call("new: page 1 again", "HentHaendelser", asked, "1.2", "new: page 1", app=small)
    stage.call("new: page 1 again in 1.1", "HentHaendelser", asked, "1.1", "new: page 1", app=small)
    stage.call("new: page 4, broken off", "HentHaendelser", asked, app=small, broken=True)
    stage.call("new: page 4 with the same key", "HentHaendelser", asked, "1.2", "new: page 4, broken off", app=small)
    stage.call("new: the rest", "HentHaendelser", asked)
    stage.call("new: nothing more", "HentHaendelser", asked, "1.1")
    stage.call("new: the other kommune", "HentHaendelser", {"InstitutionNummer": OTHER}, "1.1")
    stage.register.system("anden", "en-anden-noegle-helt", KOMMUNE)
    other = {"Authorization": soap.basic("anden", "en-anden-noegle-helt")}
    stage.call("new: everything for another system", "HentHaendelser", asked, "1.2", headers=other)
    dfdg = {"InstitutionNummer": "280999"}
    stage.call("new: DFDG page 1", "HentHaendelserDFDG", dfdg, "1.1", app=small)
    stage.call("new: DFDG page 1 again", "HentHaendelserDFDG", dfdg, "1.2", "new: DFDG page 1", app=small)
    stage.call("new: DFDG the rest", "HentHaendelserDFDG", dfdg, "1.2")
    stage.call("new: DFDG page 1 too late", "HentHaendelserDFDG", dfdg, "1.2", "new: DFDG page 1", app=small)
    stage.call("new: DFDG nothing more", "HentHaendelserDFDG", dfdg)


def grants(stage: Stage) -> None:
    """What the two grants hang on: how long the course was, what is known of the income, how long ago it was."""
    kind = KINDS[FGU][1]
    reports = Reports(stage)
    for number, (name, begin, end) in enumerate(
        (
            ("short", "2026-03-01", "2026-03-20"),
            ("early", "2026-01-01", "2026-06-30"),
            ("known", "2025-08-01", "2026-02-27"),
            ("unknown", "2025-08-01", "2026-02-26"),
            ("no begin", None, "2026-02-25"),
        )
    ):
        cprnr = f"710307520{number}"
        stage.register.person(cprnr)
        if begin:
            reports.of(f"{name} begins", cprnr, FGU_SCHOOL, kind, begin, FGU)
        reports.of(f"{name} ends", cprnr, FGU_SCHOOL, kind, end, FGU, status=3)
    for month in ("2026-03", "2026-04", "2026-05", "2026-06"):
        stage.register.clock(f"{month[:5]}{int(month[5:]) + 1:02}-01T06:00:00")
        stage.register.eindkomst(month, [f"7103075202;{month};12345678;00;25000.00"])
        asked = {"InstitutionNummer": FGU_SCHOOL, "CPRNr": "7103075202"}
        stage.call(f"grant: known after {month}", "HentUdslusningstilskud", asked)
    for now in ("2026-08-10", "2026-12-01"):
        stage.register.clock(f"{now}T08:00:00")
        for number in range(5):
            asked = {"InstitutionNummer": FGU_SCHOOL, "CPRNr": f"710307520{number}"}
            stage.call(f"grant: {number} on {now}", "HentUdslusningstilskud", asked, ("1.1", "1.2")[number % 2])
    for now in ("2026-02-02", "2026-07-31", "2026-08-01", "2028-12-31", "2029-01-01"):
        stage.register.clock(f"{now}T08:00:00")
        asked = {"InstitutionNummer": GYMNASIUM, "CPRNr": ANNA}
        stage.call(f"henvisning on {now}", "HentStatusHenvisning", asked)


def later(stage: Stage, reports: Reports) -> None:
    """What birthdays, moves and cancellations change for those who fetch."""
    stage.register.clock("2026-08-16T08:00:00")
    stage.call("later: EVA is 25", "HentHaendelser", {"InstitutionNummer": KOMMUNE, "CPRNr": EVA})
    stage.register.person(MOVED)
    stage.register.person(BO, kommune="751")
    stage.register.person(DAVID, status="80", kommune=None)
    gone = {"Annullering": True, "HaendelseNummer": reports.numbers["HF"]}
    reports.of("HF cancelled", ANNA, GYMNASIUM, HF, "2026-08-01", **gone)
    for institution in (KOMMUNE, OTHER):
        stage.call(f"later: new for {institution}", "HentHaendelser", {"InstitutionNummer": institution})
    for cprnr in (MOVED, BO, DAVID, ANNA):
        stage.call(f"later: {cprnr}", "HentHaendelser", {"InstitutionNummer": KOMMUNE, "CPRNr": cprnr}, "1.1")
    stage.call("later: DFDG", "HentHaendelserDFDG", {"InstitutionNummer": "280999"}, "1.1")
    stage.call("later: marks", "HentMarkeringer", {"InstitutionNummer": GYMNASIUM, "HaendelseNummer": NEVER})
