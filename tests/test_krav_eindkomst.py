"""eIndkomst from a file to events over SOAP. The worked examples: docs/beskaeftigelse.md."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.imports.csvs import STRANGER
from tests.support.endpoint import HOST, Endpoint, request
from tests.support.reports import UNGDOM
from tests.support.world import KOMMUNE, SCHOOL, World
from udb.domain.services import FORBEREDENDE_AKTIVITET, KOMMUNE_AKTIVITET, UNGDOMSUDDANNELSE
from udb.paths import ROOT
from udb.settings import Settings
from udb.web.sandbox_api import HEADER, sandbox_app

CSV = "cprnr;maaned;indberetter;indtaegtsart;beloeb\n"
ANNA, BO = "6101044501", "6101104501"
"""22 and 16 years old in June 2026."""
PAGE = (ROOT / "docs/beskaeftigelse.md").read_text(encoding="utf-8")
PLAIN = {"Status": "1", "KildeLeverandoer": "UVdata", "Annullering": "false"}
GRADE = PLAIN | {
    "InstitutionNummer": SCHOOL,
    "ElevTrin": "10",
    "KlasseTrin": "10",
    "KlasseType": "40",
    "KlasseNavn": "10A",
}


@dataclass(frozen=True)
class Register:
    """Files go in over HTTP, events come out over SOAP."""

    world: World
    endpoint: Endpoint

    def send(self, query: str, *lines: str) -> dict[str, Any]:
        month = query.removeprefix("maaned=")
        # An empty file is refused: one of a stranger says as little.
        body = (CSV + "".join(f"{line}\n" for line in lines or [f"{STRANGER};{month};1;00;1.00"])).encode()
        app = sandbox_app(self.world.engine, {HOST}, Settings(sandbox=True))
        answer = request(app, "POST", f"/sandbox/import/eindkomst?{query}", body, {HEADER: "1"})
        found: dict[str, Any] = json.loads(answer.body)
        assert answer.status == 200, found
        return found

    def new(self) -> list[tuple[str, list[str]]]:
        """Return what the feed has that is new: by youth, the employment."""
        return [(youth["CPRNr"], employment(youth)) for youth in self.endpoint.fetch(KOMMUNE)["HaendelserUng"]]

    def youth(self, cprnr: str) -> Any:
        """Look a youth up."""
        return self.endpoint.fetch(KOMMUNE, CPRNr=cprnr)["HaendelserUng"][0]


@pytest.fixture
def register(world: World, endpoint: Endpoint) -> Register:
    world.person(ANNA)
    world.person(BO)
    return Register(world, endpoint)


def employment(youth: Any) -> list[str]:
    return [
        f"{event['HaendelseDato'].date()} {event['StatusBeskaeftigelse']} {event['Beskaeftigelsesgrad']}"
        for event in youth["HaendelseBeskaeftigelsesForloeb"]
    ]


def benefits(youth: Any) -> list[tuple[str, bool]]:
    return [
        (str(event["HaendelseDato"].date()), event["ModtagerSocialYdelse"]) for event in youth["HaendelseSocialYdelse"]
    ]


def tables(section: str) -> dict[str, list[list[str]]]:
    """Return the tables of a section of the page by heading, without their heads."""
    text = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    found = {}
    for part in text.split("\n### ")[1:]:
        rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
        found[part.splitlines()[0]] = [[cell.strip() for cell in row] for row in rows[2:]]
    return found


def file_lines(cprnr: str, month: str, said: str) -> Iterator[str]:
    """Yield ``00 0.01, 0041 5.00`` as lines, each from another employer."""
    for place, part in enumerate([] if said == "none" else said.split(", ")):
        kind, amount = part.split()
        yield f"{cprnr};{month};{11111111 + place};{kind};{amount}"


def listed(cell: str) -> list[str]:
    return [] if cell == "-" else cell.split(", ")


EXAMPLES = [row for rows in tables("One month").values() for row in rows]
CORRECTIONS = tables("Corrections and late months")


def test_every_worked_example_of_a_month(register):
    """F125-F130, F133-F135, F175, F176: each row of the page is a youth of one file."""
    assert {row[0][0] for row in EXAMPLES} == set("ABC")
    assert len(EXAMPLES) >= 25
    lines, expected = [], {}
    for serial, (name, born, said, by_hand, statuses, ydelse) in enumerate(EXAMPLES):
        day = date.fromisoformat(born)
        cprnr = f"{day.day + 60:02}{day:%m%y}{4600 + serial}"
        register.world.person(cprnr)
        lines += file_lines(cprnr, "2026-06", said)
        status = [f"2026-06-30 {one}" for one in listed(statuses)]
        expected[cprnr] = (name, status, [("2026-06-30", True)] if ydelse == "yes" else [])
        assert by_hand
    answer = register.send("maaned=2026-06", *lines)
    assert answer["events"] == sum(len(status) + len(ydelser) for _, status, ydelser in expected.values())
    told_in_feed = {}
    for youth in register.endpoint.fetch(KOMMUNE)["HaendelserUng"]:
        told_in_feed[youth["CPRNr"]] = (employment(youth), benefits(youth))
    for cprnr, (name, status, ydelser) in expected.items():
        assert told_in_feed.get(cprnr, ([], [])) == (status, ydelser), name


@pytest.mark.parametrize("name", CORRECTIONS)
def test_every_worked_example_of_a_correction(register, name):
    """F132, F146, F177: file by file, the events sent and the events in the look-up."""
    assert len(CORRECTIONS[name]) > 1
    for file, sends, look_up in CORRECTIONS[name]:
        found = re.fullmatch(r"(maaned|rettelse) (\d{4}-\d{2}): (.+)", file)
        assert found is not None
        kind, month, said = found.groups()
        register.send(f"maaned={month}" if kind == "maaned" else "rettelse", *file_lines(ANNA, month, said))
        assert dict(register.new()).get(ANNA, []) == listed(sends), file
        assert employment(register.youth(ANNA)) == listed(look_up), file


def test_all_fields_of_an_event(register):
    """F002, F175, F176: the number, the month's last day, the status, SKAT, the degree; of a benefit likewise."""
    register.send("maaned=2026-02", f"{ANNA};2026-02;11111111;00;2080.00", f"{ANNA};2026-02;11111111;0041;1.00")
    youth = register.youth(ANNA)
    (status,), (ydelse,) = youth["HaendelseBeskaeftigelsesForloeb"], youth["HaendelseSocialYdelse"]
    numbers = [status["HaendelseNummer"], ydelse["HaendelseNummer"]]
    assert numbers == sorted(numbers)
    assert all(re.fullmatch(r"UDB-\d{23}", number) for number in numbers)
    assert [one["HaendelseDato"].isoformat() for one in (status, ydelse)] == ["2026-02-28T00:00:00+01:00"] * 2
    assert (status["StatusBeskaeftigelse"], status["Beskaeftigelsesgrad"]) == ("Deltidsbeskaeftiget", 10)
    assert ydelse["ModtagerSocialYdelse"] is True
    assert {status["KildeLeverandoer"], ydelse["KildeLeverandoer"]} == {"SKAT"}


def test_a_youth_without_a_line_is_calculated_and_who_is_not_drawn_is_not(register):
    """F123, F132: no line is income 0; only youths of 15-24 with a home in Denmark are calculated."""
    gone = "6101044502"
    register.world.person(gone)
    wages = [f"{cprnr};2026-05;11111111;00;5000.00" for cprnr in (ANNA, BO, gone)]
    assert register.send("maaned=2026-05", *wages)["events"] == 3
    register.world.person(gone, status="80")
    assert register.send("maaned=2026-06", wages[1].replace("-05;", "-06;"))["events"] == 1
    assert employment(register.youth(ANNA)) == ["2026-05-31 Deltidsbeskaeftiget 24", "2026-06-30 Ikke beskaeftiget 0"]
    assert employment(register.youth(BO)) == ["2026-05-31 Deltidsbeskaeftiget 41"]


def test_who_is_in_the_10th_grade_is_not_drawn(register):
    """F124: active up to and including the 10th grade: no event, until the grade ends or another education begins."""
    optag = GRADE | {"CPRNr": BO, "HaendelseDato": "2026-01-05T00:00:00"}
    assert register.endpoint.report(FORBEREDENDE_AKTIVITET, optag)["Resultat"] == "Accepteret"
    wage = f"{BO};2026-0M;11111111;00;5000.00"
    for month, events in (("1", 0), ("4", 0)):
        assert register.send(f"maaned=2026-0{month}", wage.replace("M", month))["events"] == events
    end = optag | {"Status": "3", "HaendelseDato": "2026-05-30T00:00:00"}
    assert register.endpoint.report(FORBEREDENDE_AKTIVITET, end)["Resultat"] == "Accepteret"
    register.send("maaned=2026-05", wage.replace("M", "5"))
    assert employment(register.youth(BO)) == ["2026-05-31 Deltidsbeskaeftiget 41"]


@pytest.mark.parametrize(
    ("service", "fields"),
    [
        (FORBEREDENDE_AKTIVITET, GRADE),
        (FORBEREDENDE_AKTIVITET, PLAIN | {"InstitutionNummer": SCHOOL, "ForberedendeAktivitetsKode": "9010"}),
        (FORBEREDENDE_AKTIVITET, PLAIN | {"InstitutionNummer": SCHOOL, "ForberedendeAktivitetsKode": "9011"}),
        (KOMMUNE_AKTIVITET, PLAIN | {"InstitutionNummer": KOMMUNE, "KommuneAktivitetsKode": "K01"}),
        (KOMMUNE_AKTIVITET, PLAIN | {"InstitutionNummer": KOMMUNE, "KommuneAktivitetsKode": "K02"}),
    ],
    ids=["10th class", "EUD10", "20/20", "20-20 by the kommune", "EUD 10 by the kommune"],
)
@pytest.mark.parametrize(
    ("begins", "ends", "drawn"),
    [
        ("2026-05-30", None, False),
        ("2026-05-31", None, False),
        ("2026-06-01", None, True),
        ("2026-01-05", "2026-05-30", True),
        ("2026-01-05", "2026-05-31", False),
        ("2026-01-05", "2026-06-01", False),
    ],
)
def test_the_10th_grade_exempts_however_it_is_reported(register, service, fields, begins, ends, drawn):
    """F124, V 7: "til og med 10. klasses trin, herunder eud10, 20/20", about the last day of May."""
    optag = fields | {"CPRNr": BO, "HaendelseDato": f"{begins}T00:00:00"}
    assert register.endpoint.report(service, optag)["Resultat"] == "Accepteret"
    if ends:
        end = optag | {"Status": "3", "HaendelseDato": f"{ends}T00:00:00"}
        assert register.endpoint.report(service, end)["Resultat"] == "Accepteret"
    register.send("maaned=2026-05", f"{BO};2026-05;11111111;00;5000.00")
    assert employment(register.youth(BO)) == (["2026-05-31 Deltidsbeskaeftiget 41"] if drawn else [])


def test_another_activity_of_the_kommune_exempts_nobody(register):
    """F124: Højskoler (V 2.3) is no class up to the 10th grade."""
    optag = PLAIN | {"InstitutionNummer": KOMMUNE, "KommuneAktivitetsKode": "K06", "CPRNr": BO}
    report = optag | {"HaendelseDato": "2026-01-05T00:00:00"}
    assert register.endpoint.report(KOMMUNE_AKTIVITET, report)["Resultat"] == "Accepteret"
    register.send("maaned=2026-05", f"{BO};2026-05;11111111;00;5000.00")
    assert employment(register.youth(BO)) == ["2026-05-31 Deltidsbeskaeftiget 41"]


def test_another_education_ends_the_exemption(register):
    """F124: an optag on another code after the 10th grade's counts, though the grade has no reported end."""
    grade = GRADE | {"CPRNr": BO, "HaendelseDato": "2026-01-05T00:00:00"}
    assert register.endpoint.report(FORBEREDENDE_AKTIVITET, grade)["Resultat"] == "Accepteret"
    other = {**UNGDOM, "CPRNr": BO, "HaendelseDato": "2026-05-31T00:00:00"}
    assert register.endpoint.report(UNGDOMSUDDANNELSE, other)["Resultat"] == "Accepteret"
    for month in ("2026-04", "2026-05"):
        register.send(f"maaned={month}", f"{BO};{month};11111111;00;5000.00")
    assert employment(register.youth(BO)) == ["2026-05-31 Deltidsbeskaeftiget 41"]


@pytest.mark.parametrize(
    ("service", "fields"),
    [
        (UNGDOMSUDDANNELSE, UNGDOM | {"Uddannelse": {"COsAFormaal": "3000", "COsAFormaalVersion": 1}}),
        (UNGDOMSUDDANNELSE, UNGDOM | {"Uddannelse": {"COsAFormaal": "2997", "COsAFormaalVersion": 1}}),
        (UNGDOMSUDDANNELSE, UNGDOM | {"Uddannelse": {"COsAFormaal": "3016", "COsAFormaalVersion": 1}}),
        (UNGDOMSUDDANNELSE, UNGDOM | {"Uddannelse": {"COsAFormaal": "3018", "COsAFormaalVersion": 1}}),
        (UNGDOMSUDDANNELSE, UNGDOM | {"Uddannelse": {"COsAFormaal": "3019", "COsAFormaalVersion": 1}}),
        (FORBEREDENDE_AKTIVITET, PLAIN | {"InstitutionNummer": SCHOOL, "ForberedendeAktivitetsKode": "9020"}),
        (FORBEREDENDE_AKTIVITET, PLAIN | {"InstitutionNummer": SCHOOL, "ForberedendeAktivitetsKode": "9021"}),
    ],
    ids=[
        "test for gymnasium",
        "test for EUD",
        "AVU",
        "FVU",
        "dyslexia instruction",
        "brobygning",
        "introduction course",
    ],
)
@pytest.mark.parametrize("day", ["2026-05-30", "2026-05-31", "2026-06-01"])
def test_what_goes_on_beside_the_class_does_not_end_the_exemption(register, service, fields, day):
    """F124, V 1.1: a test is no admission. Of 9,000 kr in May: no event."""
    grade = GRADE | {"CPRNr": BO, "HaendelseDato": "2026-01-05T00:00:00"}
    assert register.endpoint.report(FORBEREDENDE_AKTIVITET, grade)["Resultat"] == "Accepteret"
    beside = {**fields, "CPRNr": BO, "HaendelseDato": f"{day}T00:00:00"}
    assert register.endpoint.report(service, beside)["Resultat"] == "Accepteret"
    register.send("maaned=2026-05", f"{BO};2026-05;11111111;00;9000.00")
    assert employment(register.youth(BO)) == []


@pytest.mark.parametrize(
    ("service", "fields"),
    [
        (FORBEREDENDE_AKTIVITET, PLAIN | {"InstitutionNummer": SCHOOL, "ForberedendeAktivitetsKode": "9010"}),
        (KOMMUNE_AKTIVITET, PLAIN | {"InstitutionNummer": KOMMUNE, "KommuneAktivitetsKode": "K01"}),
    ],
    ids=["EUD10", "20-20 by the kommune"],
)
@pytest.mark.parametrize("day", ["2026-05-30", "2026-05-31", "2026-06-01"])
@pytest.mark.parametrize(("formaal", "drawn"), [("3000", False), ("3009", True)])
def test_a_test_beside_eud10_and_20_20_is_no_admission_either(register, service, fields, day, formaal, drawn):
    """F124, V 1.1, V 7: formål 3009, stx, replaces them from its first day on."""
    grade = fields | {"CPRNr": BO, "HaendelseDato": "2026-01-05T00:00:00"}
    assert register.endpoint.report(service, grade)["Resultat"] == "Accepteret"
    education = {"COsAFormaal": formaal, "COsAFormaalVersion": 1 if formaal == "3000" else 2}
    other = {**UNGDOM, "CPRNr": BO, "HaendelseDato": f"{day}T00:00:00", "Uddannelse": education}
    assert register.endpoint.report(UNGDOMSUDDANNELSE, other)["Resultat"] == "Accepteret"
    register.send("maaned=2026-05", f"{BO};2026-05;11111111;00;9000.00")
    ends = drawn and day <= "2026-05-31"
    assert employment(register.youth(BO)) == (["2026-05-31 Fuldtidsbeskaeftiget 75"] if ends else [])


@pytest.mark.parametrize(("begins", "drawn"), [("2026-05-30", False), ("2026-05-31", False), ("2026-06-01", True)])
def test_who_comes_back_to_the_class_is_exempt_again(register, begins, drawn):
    """F124: admitted to the class again, after an education that replaced it; the class's end was never reported."""
    grade = GRADE | {"CPRNr": BO, "HaendelseDato": "2026-01-05T00:00:00"}
    assert register.endpoint.report(FORBEREDENDE_AKTIVITET, grade)["Resultat"] == "Accepteret"
    other = {**UNGDOM, "CPRNr": BO, "HaendelseDato": "2026-03-02T00:00:00"}
    assert register.endpoint.report(UNGDOMSUDDANNELSE, other)["Resultat"] == "Accepteret"
    end = other | {"Status": "2", "AfbrudsarsagsKode": "9", "HaendelseDato": "2026-04-07T00:00:00"}
    assert register.endpoint.report(UNGDOMSUDDANNELSE, end)["Resultat"] == "Accepteret"
    again = grade | {"HaendelseDato": f"{begins}T00:00:00"}
    assert register.endpoint.report(FORBEREDENDE_AKTIVITET, again)["Resultat"] == "Accepteret"
    register.send("maaned=2026-05", f"{BO};2026-05;11111111;00;9000.00")
    assert employment(register.youth(BO)) == (["2026-05-31 Fuldtidsbeskaeftiget 75"] if drawn else [])


@pytest.mark.parametrize(("begins", "drawn"), [("2026-05-30", False), ("2026-05-31", False), ("2026-06-01", True)])
def test_a_second_optag_that_moves_the_start_of_the_class_exempts_from_its_day(register, begins, drawn):
    """F124: as 3005 and 3006 count from it."""
    for day in ("2026-06-08", begins):
        grade = GRADE | {"CPRNr": BO, "HaendelseDato": f"{day}T00:00:00"}
        assert register.endpoint.report(FORBEREDENDE_AKTIVITET, grade)["Resultat"] == "Accepteret"
    register.send("maaned=2026-05", f"{BO};2026-05;11111111;00;9000.00")
    assert employment(register.youth(BO)) == (["2026-05-31 Fuldtidsbeskaeftiget 75"] if drawn else [])


@pytest.mark.parametrize(
    ("service", "fields"),
    [
        (UNGDOMSUDDANNELSE, UNGDOM | {"FrafaldstruetMarkering": True}),
        (FORBEREDENDE_AKTIVITET, GRADE | {"ElevTrin": "11", "KlasseTrin": "11"}),
    ],
    ids=["a risk alone", "11th grade"],
)
@pytest.mark.parametrize(("begins", "drawn"), [("2026-05-30", True), ("2026-05-31", True), ("2026-06-01", False)])
def test_a_risk_that_opens_an_education_and_the_11th_grade_end_the_exemption(register, service, fields, begins, drawn):
    """F124, V 1.4: a risk is reported as an optag; without one it shows where the youth is."""
    grade = GRADE | {"CPRNr": BO, "HaendelseDato": "2026-01-05T00:00:00"}
    assert register.endpoint.report(FORBEREDENDE_AKTIVITET, grade)["Resultat"] == "Accepteret"
    other = {**fields, "CPRNr": BO, "HaendelseDato": f"{begins}T00:00:00"}
    assert register.endpoint.report(service, other)["Resultat"] == "Accepteret"
    register.send("maaned=2026-05", f"{BO};2026-05;11111111;00;9000.00")
    assert employment(register.youth(BO)) == (["2026-05-31 Fuldtidsbeskaeftiget 75"] if drawn else [])


@pytest.mark.parametrize(
    ("begins", "cause", "drawn"),
    [
        ("2026-05-30", None, True),
        ("2026-05-31", None, True),
        ("2026-06-01", None, False),
        ("2026-05-30", "904", True),
        ("2026-05-30", "1", False),
        ("2026-05-31", "1", False),
    ],
)
def test_an_admission_ends_the_exemption_unless_it_is_withdrawn(register, begins, cause, drawn):
    """F124, V 1.2: who is reported with Ej mødt never began what would have replaced the class."""
    grade = GRADE | {"CPRNr": BO, "HaendelseDato": "2026-01-05T00:00:00"}
    assert register.endpoint.report(FORBEREDENDE_AKTIVITET, grade)["Resultat"] == "Accepteret"
    other = {**UNGDOM, "CPRNr": BO, "HaendelseDato": f"{begins}T00:00:00"}
    assert register.endpoint.report(UNGDOMSUDDANNELSE, other)["Resultat"] == "Accepteret"
    if cause:
        end = other | {"Status": "2", "AfbrudsarsagsKode": cause, "HaendelseDato": "2026-05-31T00:00:00"}
        assert register.endpoint.report(UNGDOMSUDDANNELSE, end)["Resultat"] == "Accepteret"
    register.send("maaned=2026-05", f"{BO};2026-05;11111111;00;9000.00")
    assert employment(register.youth(BO)) == (["2026-05-31 Fuldtidsbeskaeftiget 75"] if drawn else [])


def test_the_limit_is_the_predefined_one(register):
    """F131: 54.02 is Fuldtid, though 20 / 37 x 100 is 54.05."""
    register.send("maaned=2026-06", f"{BO};2026-06;11111111;00;6482.40")
    assert employment(register.youth(BO)) == ["2026-06-30 Fuldtidsbeskaeftiget 54"]


def test_the_benefit_comes_and_goes_by_itself(register):
    """F133, F134, F147: one øre is enough; wages neither make nor end it; a change is an event, no change is none."""
    register.send("maaned=2026-04", f"{ANNA};2026-04;11111111;0041;0.01")
    register.send("maaned=2026-05", f"{ANNA};2026-05;11111111;0041;9000.00", f"{ANNA};2026-05;22222222;00;5000.00")
    register.send("maaned=2026-06", f"{ANNA};2026-06;22222222;00;5000.00")
    youth = register.youth(ANNA)
    assert benefits(youth) == [("2026-04-30", True), ("2026-06-30", False)]
    assert employment(youth) == ["2026-05-31 Deltidsbeskaeftiget 24"]
    register.send("rettelse", f"{ANNA};2026-04;11111111;0041;0.00")
    assert benefits(register.youth(ANNA)) == [("2026-05-31", True), ("2026-06-30", False)]


WAGES = {
    *("00", "03", "08", "09", "0021", "0026", "0027", "0028", "0030", "0033", "0034", "0048", "0056", "0057"),
    *("0127", "0128"),
}
BENEFITS = {
    *("06", "07", "0002", "0005", "0006", "0010", "0013", "0016", "0019", "0022", "0024", "0036", "0038", "0039"),
    *("0041", "0042", "0078", "0083", "0084", "0086", "0103", "0104", "0105", "0106", "0115", "0116"),
}
NEITHER = {
    *("01", "04", "05", "10", "11", "20", "24", "26", "28", "29", "0004", "0007", "0008", "0009", "0011", "0012"),
    *("0014", "0015", "0018", "0020", "0025", "0037", "0044", "0045", "0046", "0049", "0050", "0051", "0052", "0060"),
    *("0061", "0062", "0064", "0069", "0070", "0071", "0072", "0073", "0074", "0075", "0076", "0077", "0079", "0080"),
    *("0081", "0082", "0087", "0088", "0089", "0097", "0099", "0100", "0101", "0102", "0107", "0108", "0109", "0110"),
    *("0111", "0112", "0113", "0114", "0170", "0171", "0172", "0173", "0174", "0175", "0176", "0177"),
}


def test_a_real_month_has_every_code_of_eindkomst_and_each_counts_as_what_it_is(register):
    """F133-F135: a youth with one line of each code; 0087, uddannelseshjælp, is no benefit (V 4.1)."""
    codes = sorted(WAGES | BENEFITS | NEITHER)
    youths = {f"610104{4600 + place}": code for place, code in enumerate(codes)}
    for cprnr in youths:
        register.world.person(cprnr)
    lines = [f"{cprnr};2026-06;11111111;{code};17000.00" for cprnr, code in youths.items()]
    answer = register.send("maaned=2026-06", *lines)
    assert (answer["read"], answer["skipped"]) == (112, 0)
    found = register.endpoint.fetch(KOMMUNE)["HaendelserUng"]
    assert {youths[youth["CPRNr"]]: (employment(youth), benefits(youth)) for youth in found} == {
        **{code: (["2026-06-30 Fuldtidsbeskaeftiget 81"], []) for code in WAGES},
        **{code: ([], [("2026-06-30", True)]) for code in BENEFITS},
    }


def test_the_lines_of_one_youth_in_a_real_month(register):
    """F134, F135: wage and sea income add up, 0087 and SU count for nothing, 0041 is a benefit."""
    both = [f"{ANNA};2026-06;{employer}" for employer in ("11111111;00;8000.00", "22222222;0027;2400.00")]
    help_for_education = [f"{BO};2026-06;{employer}" for employer in ("65113015;0087;7000.00", "10213231;01;7000.00")]
    register.send("maaned=2026-06", *both, f"{ANNA};2026-06;65113015;0041;3000.00", *help_for_education)
    anna = register.youth(ANNA)
    assert (employment(anna), benefits(anna)) == (["2026-06-30 Deltidsbeskaeftiget 50"], [("2026-06-30", True)])
    assert (employment(register.youth(BO)), benefits(register.youth(BO))) == ([], [])


def test_an_unknown_kind_of_income_refuses_the_file(register):
    """F136: only the kinds of the code set, on the days they hold, are known."""
    for kind in ("9999", "0003", "loen"):
        body = f"{CSV}{ANNA};2026-06;11111111;00;1.00\n{BO};2026-06;11111111;{kind};1.00\n".encode()
        app = sandbox_app(register.world.engine, {HOST}, Settings(sandbox=True))
        answer = request(app, "POST", "/sandbox/import/eindkomst?maaned=2026-06", body, {HEADER: "1"})
        assert answer.status == 422
        assert [(one["number"], one["column"]) for one in json.loads(answer.body)["refused"]] == [(3, "indtaegtsart")]
    assert register.new() == []


def test_a_new_hourly_rate_holds_from_its_day(register):
    """F127: the rates are rows of a code set, dated."""
    app = sandbox_app(register.world.engine, {HOST}, Settings(sandbox=True))
    rows = (
        "kode;tekst;gyldig_fra;gyldig_til;opfundet;kilde;kroner\n"
        "18-24;Timeløn for 18-24-årige;2020-01-01;2026-05-31;kroner;v-4.1;130.00\n"
        "18-24;Timeløn for 18-24-årige;2026-06-01;;kroner;v-4.1;140.00\n"
    )
    answer = request(app, "POST", "/sandbox/import/kodesaet?saet=timeloen", rows.encode(), {HEADER: "1"})
    assert answer.status == 200
    for month in ("2026-05", "2026-06"):
        register.send(f"maaned={month}", f"{ANNA};{month};11111111;00;16848.00")
    assert employment(register.youth(ANNA)) == [
        "2026-05-31 Fuldtidsbeskaeftiget 81",
        "2026-06-30 Deltidsbeskaeftiget 75",
    ]


def test_a_month_that_has_not_ended_is_refused(register):
    app = sandbox_app(register.world.engine, {HOST}, Settings(sandbox=True))
    register.world.clock("2026-06-30T23:59:00")
    body = f"{CSV}{STRANGER};2026-06;1;00;1.00\n".encode()
    answer = request(app, "POST", "/sandbox/import/eindkomst?maaned=2026-06", body, {HEADER: "1"})
    assert answer.status == 409
    register.world.clock("2026-07-01T00:01:00")
    assert register.send("maaned=2026-06")["events"] == 0
