"""What breaks the schema, in each wording, and numbers and texts at the edge of what is taken."""

from typing import Final

from tests.recorded import soap
from tests.recorded.calls.receipts import KINDS, event
from tests.recorded.soap import ONSKER, UNGDOM
from tests.recorded.stage import Stage

CPRNR: Final = "6503084001"
STATUS: Final = "<v1:Status>1</v1:Status>"
NIL: Final = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'
TYPE: Final = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="v1:StatusType"'

CHANGES: Final = {
    # name: what of a right report becomes what
    "pattern": (CPRNR, "650308-4001"),
    "pattern with a letter": (CPRNR, "650308400X"),
    "date of no type": ("2026-08-05T00:00:00", "2026-08-05"),
    "date of no month": ("2026-08-05T", "2026-13-05T"),
    "date of 30 February": ("2026-08-05T", "2026-02-30T"),
    "year 0": ("2026-08-05T", "0000-08-05T"),
    "year 10000": ("2026-08-05T", "10000-08-05T"),
    "year 1": ("2026-08-05T00:00:00", "0001-01-01T00:00:00+14:00"),
    "hour 24": ("T00:00:00", "T24:00:00"),
    "offset": ("T00:00:00", "T00:00:00+15:00"),
    "nanoseconds": ("T00:00:00", "T00:00:00.123456789Z"),
    "status too large": (STATUS, "<v1:Status>9</v1:Status>"),
    "status too small": (STATUS, "<v1:Status>0</v1:Status>"),
    "status is no number": (STATUS, "<v1:Status>et</v1:Status>"),
    "status with spaces": (STATUS, "<v1:Status> 1\n</v1:Status>"),
    "status with plus and zeros": (STATUS, "<v1:Status>+001</v1:Status>"),
    "status empty": (STATUS, "<v1:Status/>"),
    "status missing": (STATUS, ""),
    "status twice": (STATUS, STATUS * 2),
    "status with an element": (STATUS, "<v1:Status><v1:CPRNr/>1</v1:Status>"),
    "status with an attribute": (STATUS, '<v1:Status hemmelig="6101051234">1</v1:Status>'),
    "status nil": (STATUS, f"<v1:Status {NIL}/>"),
    "status with a type": (STATUS, f"<v1:Status {TYPE}>1</v1:Status>"),
    "length": ("461248", "4612481"),
    "too short": ("Skolesystem", " "),
    "too long": ("Skolesystem", "x" * 300),
    "system too long": ("Optagelse", "6101051234" * 11),
    "system empty": ("Optagelse", ""),
    "control characters by reference": ("Skolesystem", "a&#9;b&#10;c&#13;d"),
    "outside the plane": ("Skolesystem", "Skole 🍏 & æøå <x>".replace("&", "&amp;").replace("<", "&lt;")),
    "cdata": ("Skolesystem", "<![CDATA[<Skole>]]>"),
    "comment inside a value": ("Skolesystem", "Skole<!-- 6101051234 -->system"),
    "instruction inside a value": ("Skolesystem", "Skole<?x 6101051234?>system"),
    "boolean as a number": (">false</v1:Annullering", ">0</v1:Annullering"),
    "boolean in capitals": (">false</v1:Annullering", ">FALSE</v1:Annullering"),
    "version negative": ("<v1:COsAFormaalVersion>2", "<v1:COsAFormaalVersion>-2"),
    "version huge": ("<v1:COsAFormaalVersion>2", "<v1:COsAFormaalVersion>99999999999999999999"),
    "group lacks an element": ("<v1:COsAFormaalVersion>2</v1:COsAFormaalVersion>", ""),
    "text in a group": ("<v1:Uddannelse>", "<v1:Uddannelse>tekst"),
    "attribute on a group": ("<v1:Uddannelse>", '<v1:Uddannelse a="1">'),
    "unknown element": (STATUS, f"<v1:Fremmed/>{STATUS}"),
    "unknown element with digits": (STATUS, f"<v1:C6101051234/>{STATUS}"),
    "unknown element with a long name": (STATUS, f"<v1:{'a' * 41}/>{STATUS}"),
    "known element in a wrong place": (STATUS, f"<v1:STADSKode>1</v1:STADSKode>{STATUS}"),
    "wrong namespace": (STATUS, f'<Status xmlns="u:6101051234"/>{STATUS}'),
    "no namespace": (STATUS, f'<Status xmlns="">1</Status>{STATUS}'),
    "identifier missing": ("<ipl:SystemName>Optagelse</ipl:SystemName>", ""),
    "identifier of another namespace": ("ipl:SystemName", "v1:SystemName"),
    "message of another operation": (f"v1:{UNGDOM}>", "v1:IndberetningOnsker>"),
    "attribute of the operation": ("<ipl:Message>", '<ipl:Message b="2">'),
    "everything at once": (CPRNR, "x</v1:CPRNr><v1:Et/><v1:CPRNr>y"),
}


def play(stage: Stage) -> None:
    stage.register.build()
    stage.register.person(CPRNR)
    report = event(CPRNR, "461248", KINDS[UNGDOM][1])
    for number, (name, (before, after)) in enumerate(CHANGES.items()):
        right = soap.request(UNGDOM, report, name)
        assert before in right, name
        stage.post(name, UNGDOM, right.replace(before, after), ("1.1", "1.2")[number % 2])
    for name, key in (("key empty", ""), ("key too long", "x" * 300), ("key of spaces", "  a  b  ")):
        stage.post(name, UNGDOM, soap.request(UNGDOM, report, key))
    wish = {"CPRNr": CPRNR, "InstitutionNummer": "281111"}
    stage.call("enumeration", ONSKER, {**wish, "Slet": "is not an element of the set {'Job', '6101051234'}"})
    stage.call("enumeration of time", "IndberetningKontaktTilbudstid", {**wish, "Type": "Tid"})
    stage.call("fetch with a bad number", "HentHaendelser", {"InstitutionNummer": "281111", "CPRNr": "1"})
    stage.call(
        "fetch with a long number", "HentHaendelser", {"InstitutionNummer": "281111", "HaendelseNummer": "1" * 99}
    )
    stage.call("fetch without institution", "HentMarkeringer", {})
    for service in soap.SERVICES:
        operation = service if service.startswith(("Indberet", "HentStatus")) else None
        name = operation or next(name for name, of in soap.OPERATIONS.items() if of == service)
        stage.call(f"{service}: nothing in it", name, {})
        stage.post(f"{service}: ping with content", service, soap.ping(service).replace("/>", "><a/></PingRequest>"))
