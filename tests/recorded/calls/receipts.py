"""Each of the ten report services in both SOAP versions: trial, acceptance, repetition, refusal, cancellation."""

from typing import Any, Final

from tests.recorded import soap
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

DAY: Final = "2026-08-05T00:00:00"
TRIAL: Final = "?kun-validering=1"
NEVER: Final = "UDB-" + "0" * 23
UNKNOWN: Final = "6503089999"
"""In no register."""


def head(cprnr: str, institution: str, **more: Any) -> dict[str, Any]:
    return {"CPRNr": cprnr, **more, "InstitutionNummer": institution}


def event(cprnr: str, institution: str, kind: dict[str, Any], *, status: int = 1, **more: Any) -> dict[str, Any]:
    """The common head of a report, its kind and its end, in the order of the schema."""
    number = {"HaendelseNummer": more["HaendelseNummer"]} if "HaendelseNummer" in more else {}
    reason = {"AfbrudsarsagsKode": more["AfbrudsarsagsKode"]} if "AfbrudsarsagsKode" in more else {}
    return {
        **head(cprnr, institution, **number),
        "HaendelseDato": more.get("HaendelseDato", DAY),
        "Status": status,
        **reason,
        "KildeLeverandoer": "Skolesystem",
        **kind,
        "Annullering": more.get("Annullering", False),
    }


KINDS: Final[dict[str, tuple[str, dict[str, Any], dict[str, Any]]]] = {
    # service: institution, its own elements, and the same with a value that no rule lets pass
    UNGDOM: (
        "461248",
        {"Uddannelse": {"COsAFormaal": "3009", "COsAFormaalVersion": 2}},
        {"Uddannelse": {"COsAFormaal": "9999", "COsAFormaalVersion": 7}},
    ),
    FGU: (
        "483351",
        {"Uddannelse": {"COsAFormaal": "338", "COsAFormaalVersion": 1}, "Skoleperiode": "BA"},
        {"Uddannelse": {"COsAFormaal": "338", "COsAFormaalVersion": 9}, "Skoleperiode": "ZZ"},
    ),
    AKTIVITET: ("449010", {"ForberedendeAktivitetsKode": "9021"}, {"ForberedendeAktivitetsKode": "9999"}),
    VIDEREGAAENDE: ("485001", {"STADSKode": "9302"}, {"STADSKode": "0000"}),
    KOMMUNE_AKTIVITET: ("281111", {"KommuneAktivitetsKode": "K03"}, {"KommuneAktivitetsKode": "K99"}),
}


def play(stage: Stage) -> None:
    stage.register.build()
    stage.register.institution("280999", type3="STAR")
    for number, version in enumerate(soap.VERSIONS):
        for place, service in enumerate(KINDS):
            cprnr = f"650308{4000 + 10 * place + number}"
            stage.register.person(cprnr)
            course(stage, service, version, cprnr)
        for place, kind in enumerate((times, contacts, wishes, school_contacts, jobcenter)):
            cprnr = f"650309{5000 + 10 * place + number}"
            stage.register.person(cprnr)
            kind(stage, version, cprnr)
    between_versions(stage)


def course(stage: Stage, service: str, version: str, cprnr: str) -> None:
    """What is reported of a course, and all that may be answered to one call."""
    institution, kind, wrong = KINDS[service]
    name = f"{service} {version}"
    report = event(cprnr, institution, kind)
    stage.call(f"{name} trial", service, report, version, query=TRIAL)
    stage.call(f"{name} trial refused", service, event(cprnr, institution, wrong), version, query=TRIAL)
    stage.call(f"{name} refused", service, event(cprnr, institution, wrong), version, f"{name} key")
    optag = stage.call(f"{name} accepted", service, report, version, f"{name} key").number
    stage.call(f"{name} same again", service, report, version, f"{name} key")
    stage.call(f"{name} same again as trial", service, report, version, f"{name} key", query=TRIAL)
    other = event(cprnr, institution, kind, HaendelseDato="2026-08-06T00:00:00")
    stage.call(f"{name} same key, other content", service, other, version, f"{name} key")
    stage.call(f"{name} other key, same content", service, report, version)
    stage.call(f"{name} unknown youth", service, event(UNKNOWN, institution, kind), version)
    stage.call(f"{name} impossible number", service, event("3113051234", institution, kind), version)
    stage.call(f"{name} from a kommune or a school", service, event(cprnr, "281191", kind), version)
    stage.call(f"{name} without agreement", service, event(cprnr, "999999", kind), version)
    later = {"HaendelseDato": "2026-08-07T09:30:00.500+02:00"}
    stage.call(f"{name} afbrud without reason", service, event(cprnr, institution, kind, status=2, **later), version)
    left = {**later, "AfbrudsarsagsKode": "904"}
    afbrud = stage.call(f"{name} afbrud", service, event(cprnr, institution, kind, status=2, **left), version)
    number = {"HaendelseNummer": afbrud.number or NEVER}
    gone = event(cprnr, institution, kind, status=2, Annullering=True, **number, **left)
    stage.call(f"{name} cancel the afbrud as trial", service, gone, version, query=TRIAL)
    stage.call(f"{name} cancel the afbrud", service, gone, version)
    stage.call(f"{name} cancel the afbrud twice", service, gone, version)
    done = event(cprnr, institution, kind, status=3, **later)
    stage.call(f"{name} gennemført", service, done, version)
    unknown = event(cprnr, institution, kind, Annullering=True, HaendelseNummer=NEVER)
    stage.call(f"{name} cancel what never was", service, unknown, version)
    nothing = event(cprnr, institution, kind, Annullering=True)
    stage.call(f"{name} cancel without number", service, nothing, version)
    stray = event(cprnr, institution, kind, HaendelseNummer=optag)
    stage.call(f"{name} a number without cancelling", service, stray, version)
    future = event(cprnr, institution, kind, HaendelseDato="2031-01-01T00:00:00")
    stage.call(f"{name} in the future", service, future, version)
    stage.call(
        f"{name} cancel", service, event(cprnr, institution, kind, Annullering=True, HaendelseNummer=optag), version
    )


def times(stage: Stage, version: str, cprnr: str) -> None:
    name = f"{TILBUDSTID} {version}"
    kind = KINDS[UNGDOM][1]
    optag = stage.call(
        f"{name} optag", UNGDOM, event(cprnr, "461248", kind, HaendelseDato="2026-08-01T00:00:00"), version
    )
    left = event(cprnr, "461248", kind, status=2, AfbrudsarsagsKode="904")
    afbrud = stage.call(f"{name} afbrud", UNGDOM, left, version).number

    def said(kind: str, number: str, *, day: str = DAY, **more: Any) -> dict[str, Any]:
        return {
            **head(cprnr, more.get("institution", "281111")),
            "Type": kind,
            "HaendelseDato": day,
            "AfbrudHaendelseNummer": number,
            "KildeLeverandoer": "Kommunesystem",
            **({"HaendelseNummer": more["own"]} if "own" in more else {}),
            "Annullering": "own" in more,
        }

    stage.call(f"{name} trial", TILBUDSTID, said("Kontakttid", afbrud), version, query=TRIAL)
    first = stage.call(f"{name} contact", TILBUDSTID, said("Kontakttid", afbrud), version)
    stage.call(f"{name} contact again", TILBUDSTID, said("Kontakttid", afbrud), version, f"{name} contact")
    stage.call(f"{name} contact twice", TILBUDSTID, said("Kontakttid", afbrud), version)
    stage.call(f"{name} offer", TILBUDSTID, said("Tilbudstid", afbrud), version)
    stage.call(f"{name} about an optag", TILBUDSTID, said("Kontakttid", optag.number), version)
    stage.call(f"{name} about nothing", TILBUDSTID, said("Tilbudstid", NEVER), version)
    stage.call(f"{name} before the afbrud", TILBUDSTID, said("Tilbudstid", afbrud, day="2026-08-01T00:00:00"), version)
    stage.call(f"{name} elsewhere", TILBUDSTID, said("Tilbudstid", afbrud, institution="281191"), version)
    stage.call(f"{name} cancel", TILBUDSTID, said("Kontakttid", afbrud, own=first.number), version)
    stage.call(f"{name} cancel twice", TILBUDSTID, said("Kontakttid", afbrud, own=first.number), version)


CONTACT: Final = {"KontaktNavn": "Prøve Jensen", "KontaktMail": "proeve@kommune.example", "KontaktTelefon": "23456789"}


def contacts(stage: Stage, version: str, cprnr: str) -> None:
    contact(stage, version, KONTAKTPERSON, cprnr, "281111", "281191")


def contact(stage: Stage, version: str, service: str, cprnr: str, own: str, other: str) -> None:
    name = f"{service} {version}"
    said = head(cprnr, own) | CONTACT
    stage.call(f"{name} trial", service, said, version, query=TRIAL)
    stage.call(f"{name} accepted", service, said, version)
    stage.call(f"{name} same again", service, said, version, f"{name} accepted")
    stage.call(f"{name} other content", service, said | {"KontaktNavn": "En Anden"}, version, f"{name} accepted")
    stage.call(f"{name} bad mail and telephone", service, said | {"KontaktMail": "x", "KontaktTelefon": "1"}, version)
    stage.call(f"{name} nothing said", service, head(cprnr, own), version)
    stage.call(f"{name} elsewhere", service, head(cprnr, other) | CONTACT, version)
    stage.call(f"{name} deleted", service, head(cprnr, own) | CONTACT | {"Slet": True}, version)
    stage.call(f"{name} deleted twice", service, head(cprnr, own) | CONTACT | {"Slet": True}, version)


def wishes(stage: Stage, version: str, cprnr: str) -> None:
    name = f"{ONSKER} {version}"
    job = {"JobOnsker": [{"JobOnsker": "Skolelærer"}, {"JobOnsker": "Smed & <svejser>"}]}
    education = {"UddannelsesOnsker": [{"UddannelsesOnsker": "Læreruddannelsen"}]}
    own = head(cprnr, "281111")
    stage.call(f"{name} trial", ONSKER, own | job | education, version, query=TRIAL)
    stage.call(f"{name} both", ONSKER, own | job | education, version)
    stage.call(f"{name} same again", ONSKER, own | job | education, version, f"{name} both")
    stage.call(f"{name} one", ONSKER, own | education, version)
    stage.call(f"{name} none", ONSKER, own, version)
    stage.call(f"{name} elsewhere", ONSKER, head(cprnr, "281191") | job, version)
    for what in ("Job", "Uddannelse", "Begge"):
        stage.call(f"{name} delete {what}", ONSKER, own | {"Slet": what}, version)
    stage.call(f"{name} delete and wish", ONSKER, own | job | {"Slet": "Job"}, version)


def school_contacts(stage: Stage, version: str, cprnr: str) -> None:
    said = head(cprnr, "461248") | CONTACT
    stage.call(f"{SKOLEKONTAKT} {version} without course", SKOLEKONTAKT, said, version)
    optag = event(cprnr, "461248", KINDS[UNGDOM][1])
    stage.call(f"{SKOLEKONTAKT} {version} optag", UNGDOM, optag, version)
    stage.call(f"{SKOLEKONTAKT} {version} without uddannelsespaalaeg", SKOLEKONTAKT, said, version)
    stage.register.subscribe(cprnr)
    contact(stage, version, SKOLEKONTAKT, cprnr, "461248", "485001")


def jobcenter(stage: Stage, version: str, cprnr: str) -> None:
    name = f"{JOBCENTER} {version}"

    def said(**group: Any) -> dict[str, Any]:
        return {**head(cprnr, "280999"), "KildeLeverandoer": "DFDG", **group}

    def subscription(handling: str, **more: Any) -> dict[str, Any]:
        return said(Abonnement={"Handling": handling, **more})

    def activity(status: int = 1, **more: Any) -> dict[str, Any]:
        group = {"AktivitetsgruppeKode": more.pop("kode", "J20"), "Status": status, "HaendelseDato": DAY}
        return said(Aktivitet={**group, "Annullering": False, **more})

    start = {"Startdato": "2026-08-01T00:00:00"}
    for step, payload in (
        ("change before it begins", subscription("Ret", Kontaktperson=CONTACT)),
        ("end before it begins", subscription("Afmeld", **start)),
        ("begin", subscription("Opret", **start, Kontaktperson=CONTACT)),
        ("begin twice", subscription("Opret", **start)),
        ("change", subscription("Ret", Kontaktperson=CONTACT | {"KontaktTelefon": "87654321"})),
        ("change nothing", subscription("Ret")),
        ("activity", activity()),
        ("activity of no code", activity(kode="99")),
        ("activity left", activity(2)),
        ("neither", said()),
        ("end", subscription("Afmeld", **start)),
        ("end twice", subscription("Afmeld", **start)),
        ("activity without subscription", activity()),
        ("begin without date", subscription("Opret")),
    ):
        stage.call(f"{name} trial: {step}", JOBCENTER, payload, version, query=TRIAL)
        number = stage.call(f"{name} {step}", JOBCENTER, payload, version).number
        if step == "activity left":
            gone = activity(2, HaendelseNummer=number, Annullering=True)
            stage.call(f"{name} cancel the activity", JOBCENTER, gone, version)
            stage.call(f"{name} cancel the activity twice", JOBCENTER, gone, version)
    stage.call(
        f"{name} same again", JOBCENTER, subscription("Opret", **start, Kontaktperson=CONTACT), version, f"{name} begin"
    )


def between_versions(stage: Stage) -> None:
    """The same key in the other SOAP version, and from another system."""
    cprnr = "6503086001"
    stage.register.person(cprnr)
    stage.register.system("anden", "en-anden-noegle-helt", "461248")
    report = event(cprnr, "461248", KINDS[UNGDOM][1])
    stage.call("versions: first in 1.1", UNGDOM, report, "1.1", "versions")
    stage.call("versions: again in 1.2", UNGDOM, report, "1.2", "versions")
    other = {"Authorization": soap.basic("anden", "en-anden-noegle-helt")}
    stage.call("versions: another system's same key", UNGDOM, report, "1.2", "versions", headers=other)
    stage.call("versions: another service's same key", FGU, event(cprnr, "483351", KINDS[FGU][1]), "1.2", "versions")
