"""udb senders, udb contacts and udb responsible, as a user runs them."""

import json

import pytest

from tests.support.endpoint import Endpoint
from tests.support.reports import CPRNR, UNGDOM, accepted
from tests.support.world import GYMNASIUM, KOMMUNE, SYSTEM, World
from udb.domain.services import KONTAKTPERSON, UNGDOMSUDDANNELSE


def listed(udb, *arguments):
    code, out, err = udb(*arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.fixture
def sent(world: World, endpoint: Endpoint) -> None:
    world.person(CPRNR)
    accepted(endpoint.report(UNGDOMSUDDANNELSE, UNGDOM))
    young = world.person("7103095123")
    assert young
    contact = {"CPRNr": "7103095123", "InstitutionNummer": KOMMUNE, "KontaktNavn": "En", "KontaktMail": "a@b.example"}
    accepted(endpoint.report(KONTAKTPERSON, contact))


@pytest.mark.usefixtures("sent")
def test_who_sends_what_is_listed_with_who_answers_for_it(udb):
    function = ("--name", "Elevadministrationen", "--mail", "elever@skole.example", "--from", "2026-08-01")
    assert udb("responsible", "set", GYMNASIUM, *function)[0] == 0
    rows = listed(udb, "senders")
    assert [(row["institution_nummer"], row["service"], row["system_id"]) for row in rows] == [
        (KOMMUNE, KONTAKTPERSON, SYSTEM),
        (GYMNASIUM, UNGDOMSUDDANNELSE, SYSTEM),
    ]
    assert {row["vurdering"] for row in rows} == {"ny"}
    assert [row["ansvarlig"] for row in rows] == [None, "Elevadministrationen, elever@skole.example"]
    assert len(listed(udb, "senders", "--system", SYSTEM)) == 2
    assert [row["institution_nummer"] for row in listed(udb, "senders", "--institution", KOMMUNE)] == [KOMMUNE]
    assert listed(udb, "senders", "--verdict", "tavs") == []
    out = udb("senders")[1]
    assert GYMNASIUM in out
    assert CPRNR not in out


@pytest.mark.usefixtures("sent")
def test_contacts_are_counted_by_kommune_and_year(udb):
    expected = {"aar": 2026, "registreret": 1, "unge": 1, "gaeldende": 1, "nedre_graense": True}
    assert listed(udb, "contacts", "--per", "kommune,year") == [
        {"kommunekode": "101", **expected},
        {"kommunekode": None, **expected},
    ]
    assert listed(udb, "contacts", "--per", "year") == [{"kommunekode": None, **expected}]


@pytest.mark.usefixtures("world")
def test_a_new_function_ends_the_one_before(udb):
    for name, day in (("Gammel", "2026-01-01"), ("Glemt", "2026-09-01"), ("Ny", "2026-08-10")):
        assert udb("responsible", "set", KOMMUNE, "--name", name, "--phone", "+45 12345678", "--from", day)[0] == 0
    rows = [(row["navn"], row["fra"], row["til"]) for row in listed(udb, "responsible", "list")]
    assert rows == [("Gammel", "2026-01-01", "2026-08-09"), ("Ny", "2026-08-10", None)]
    assert listed(udb, "responsible", "list", "--institution", GYMNASIUM) == []


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("senders", "--verdict", "stille"), "There is no verdict stille"),
        (("senders", "--system", "ukendt"), "ukendt"),
        (("contacts", "--per", "uge"), "--per is one of"),
        (("responsible", "set", "999999", "--name", "X", "--mail", "a@b.dk"), "no institution 999999"),
        (("responsible", "set", KOMMUNE, "--name", "X"), "--mail, --phone or both"),
        (("responsible", "set", KOMMUNE, "--name", " ", "--mail", "a@b.dk"), "--name is a text"),
        (("responsible", "set", KOMMUNE, "--name", "X", "--mail", "a b"), "not a mail address"),
        (("responsible", "set", KOMMUNE, "--name", "X", "--phone", "ring"), "--phone is"),
    ],
)
def test_wrong_use_is_explained(udb, arguments, said):
    code, out, err = udb(*arguments)
    assert (code, out) == (2, "")
    assert said in err
