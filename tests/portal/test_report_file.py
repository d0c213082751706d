import io

import pytest
from sqlalchemy import func, select

from tests.support import reporting as pages
from tests.support.portal import headings
from tests.support.reporting import Administrator, agree
from tests.support.reports import ANNA, CPRNR
from tests.support.world import GYMNASIUM
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.store.engine import reading
from udb.store.tables import haendelse

FILE = "/web/indberet/fil/"
HEAD = "reference;CPRNr;InstitutionNummer;HaendelseDato;Status;COsAFormaal"
RIGHT = (f"a;{CPRNR};{GYMNASIUM};2026-08-03;1;3017", f"b;{ANNA};{GYMNASIUM};04-08-2026;1;3017")


@pytest.fixture
def administrator(site, house, world):
    world.clock("2026-08-17T10:00:00")
    for cprnr in (CPRNR, ANNA):
        world.person(cprnr)
    agree(house.engine, GYMNASIUM)
    return Administrator(site, house.engine, GYMNASIUM)


def checked(administrator, *lines, encoding="utf-8"):
    content = "\r\n".join(lines).encode(encoding)
    form = {"tjeneste": UNGDOMSUDDANNELSE, "fil": (io.BytesIO(content), "elever.csv")}
    return administrator.send_form(FILE, form)


def events(house):
    with reading(house.engine) as connection:
        return connection.execute(select(func.count()).select_from(haendelse)).scalar_one()


def test_the_valid_lines_are_sent_once_and_the_others_named(administrator, house):
    wrong = (f"c;7103075199;{GYMNASIUM};2026-08-03;1;3017", f"d;103075103;{GYMNASIUM};2026-08-03;1;3017")
    page = checked(administrator, HEAD, *RIGHT, *wrong, encoding="utf-8-sig")
    assert page.status_code == 200
    assert "4 linjer: 2 kan sendes, 2 har fejl" in page.text
    assert "Mangler der et 0 forrest?" in page.text
    assert "<td>5</td><td>d</td>" in page.text
    assert events(house) == 0
    sending = {**pages.hidden(page), "raad": pages.ticks(page)}
    first, again = (administrator.send_form(FILE, sending) for _ in range(2))
    assert headings(first) == headings(again) == ["Kvittering for filen"]
    assert first.text == again.text
    assert (first.text.count("Accepteret"), first.text.count("Ikke sendt")) == (2, 2)
    assert events(house) == 2


def test_advice_in_a_file_needs_its_tick(administrator, house):
    head = f"{HEAD};AfbrudsarsagsKode"
    page = checked(administrator, head, f"a;{CPRNR};{GYMNASIUM};2026-08-03;2;3017;904")
    raad = pages.ticks(page)
    assert "3007" in raad
    unseen = administrator.send_form(FILE, pages.hidden(page))
    assert (unseen.status_code, "<title>Fejl: " in unseen.text) == (422, True)
    assert events(house) == 0
    administrator.send_form(FILE, {**pages.hidden(unseen), "raad": raad})
    assert events(house) == 1


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ((), "Første linje skal have kolonnernes navne, mindst CPRNr og Status."),
        ((HEAD,), "Filen har ingen linjer under kolonnernes navne."),
        ((HEAD + ";Navn", RIGHT[0] + ";Bo"), "mindst CPRNr og Status. Ukendt: Navn."),
        ((HEAD, "a;b"), "En linje har flere eller færre felter end den første."),
        ((HEAD, *RIGHT[:1] * 201), "Filen har 201 linjer. Del den, så hver fil har højst 200."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(administrator, lines, text):
    page = checked(administrator, *lines)
    assert page.status_code == 422
    assert any(text in line for line in pages.summary(page))


def test_what_a_line_cannot_say_is_refused(administrator):
    head = f"{HEAD};AfbrudsarsagsKode;FrafaldstruetMarkering"
    page = checked(
        administrator,
        head,
        f"a;{CPRNR};{GYMNASIUM};2026-08-03;1;3017;904;",
        f"b;{CPRNR};{GYMNASIUM};2026-08-03;4;3017;;",
        f"c;{CPRNR};{GYMNASIUM};2026-08-03;3;3017;;true",
        f"d;{CPRNR};999999;2026-08-03;1;3017;;",
    )
    assert page.status_code == 200
    for text in (
        "AfbrudsarsagsKode kan ikke bruges her.",
        "Status skal være 1, 2 eller 3.",
        "FrafaldstruetMarkering hører til Status 1.",
        "Afdeling: Vælg på listen.",
    ):
        assert text in page.text
    assert "Send de gyldige" not in page.text
