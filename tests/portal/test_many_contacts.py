import re
from datetime import date

import pytest
from sqlalchemy import func, insert, select, update

from tests.support.endpoint import Endpoint
from tests.support.officer import Officer
from tests.support.portal import headings
from tests.support.reporting import agree, hidden, summary
from tests.support.reports import GRADE_10, accepted
from tests.support.world import KOMMUNE, OTHER_KOMMUNE, SCHOOL
from udb.domain.services import FORBEREDENDE_AKTIVITET
from udb.hentning.kommune.list_job import refresh_lists
from udb.store.engine import reading, writing
from udb.store.tables import cprnummer, haendelse, kontakt, modtagelse, person
from udb.wsdl.use_cases import application

CHANGE, SEND = "/web/unge/egne/skift/", "/web/unge/egne/skift/send"
NEW = {"KontaktNavn": "Ny Vejleder", "KontaktMail": "ny@kommune.example", "KontaktTelefon": "23456789"}
FIRST = "7103075101"
NO_SCHOOL = "Skriv institutionens nummer med seks cifre, eller vælg den på listen."
YOUTHS, OVER_25, MOVED = 120, 7, 3


@pytest.fixture
def school(house, world):
    """A hundred and twenty residents in 10A of SCHOOL; the officer is KOMMUNE's. Returns their ids."""
    world.clock("2026-08-17T10:00:00")
    agree(house.engine, KOMMUNE)
    first = world.person(FIRST)
    accepted(Endpoint(application(house, {})).report(FORBEREDENDE_AKTIVITET, {**GRADE_10, "CPRNr": FIRST}))
    with writing(house.engine) as connection:
        row = dict(connection.execute(select(person).where(person.c.id == first)).mappings().one())
        event = dict(connection.execute(select(haendelse).where(haendelse.c.person_id == first)).mappings().one())
        del row["id"]
        others = [{**row, "cprnr": f"7103076{one:03}"} for one in range(1, YOUTHS)]
        connection.execute(insert(person), others)
        found = connection.execute(select(person.c.id, person.c.cprnr).order_by(person.c.id)).all()
        rest = [one for one in found if one.id != first]
        connection.execute(insert(cprnummer), [{"cprnr": one.cprnr, "person_id": one.id} for one in rest])
        copies = [
            {**event, "person_id": one.id, "nummer": f"UDB-{9 * 10**22 + one.id:023}", "plads": f"p{one.id}"}
            for one in rest
        ]
        connection.execute(insert(haendelse), copies)
        old = [one.id for one in rest[:OVER_25]]
        connection.execute(update(person).where(person.c.id.in_(old)).values(turns_25=date(2026, 8, 10)))
        connection.execute(update(person).values(navn="Alma Berg"))
    refresh_lists(house.engine)
    return [one.id for one in found]


def counts(page):
    found = re.findall(r"<dt>(Accepteret|Gentaget|Afvist|Ikke sendt)</dt><dd>(\d+)</dd>", page.text)
    return {word: int(count) for word, count in found}


def test_one_contact_person_for_a_school(site, house, school, world):
    officer = Officer(site, house.engine)
    # Dated on the birthday, so that those of 25 are among them.
    with writing(house.engine) as connection:
        connection.execute(update(haendelse).values(haendelse_dato=date(2026, 8, 10)))
    # The schools of the residents can be chosen by name; one who has just come has no row in the table of lists.
    world.person("7103075199")
    assert f'<option value="{SCHOOL} Institution {SCHOOL}">' in officer.get(CHANGE).text
    chosen = {"hvem": "skole", "skole": f"institution {SCHOOL}", "klasse": "10a", **NEW}
    checked = officer.send_form(CHANGE, chosen)
    assert headings(checked) == ["Markér de unge"], summary(checked)
    marked = re.findall(r'name="ung" value="([^"]+)"', checked.text)
    assert len(marked) == YOUTHS
    with writing(house.engine) as connection:
        connection.execute(update(person).where(person.c.id.in_(school[-MOVED:])).values(kommunekode="751"))
        before = connection.execute(select(func.count()).select_from(modtagelse)).scalar_one()
    sending = {**hidden(checked), "ung": marked}
    first = officer.send_form(SEND, sending)
    assert counts(first) == {"Accepteret": 110, "Gentaget": 0, "Afvist": 10, "Ikke sendt": 0}
    refused = re.findall(r'href="/regler/(\d+)"', first.text)
    assert (refused.count("7002"), refused.count("7001")) == (OVER_25, MOVED)
    again = officer.send_form(SEND, sending)
    assert counts(again) == {"Accepteret": 0, "Gentaget": 110, "Afvist": 10, "Ikke sendt": 0}
    with reading(house.engine) as connection:
        rows = connection.execute(select(modtagelse.c.resultat, func.count()).group_by(modtagelse.c.resultat)).all()
        assert connection.execute(select(func.count()).select_from(kontakt)).scalar_one() == 110
    assert sum(count for _, count in rows) - before == 2 * YOUTHS
    # Instead of the one that is registered, and only for those that are marked.
    other = {**NEW, "KontaktNavn": "Tredje Vejleder", "hvem": "kontakt", "gammel": "NY@kommune"}
    checked = officer.send_form(CHANGE, other)
    marked = re.findall(r'name="ung" value="([^"]+)"', checked.text)
    assert len(marked) == 110
    done = officer.send_form(SEND, {**hidden(checked), "ung": [*marked[:2], "x"]})
    assert counts(done) == {"Accepteret": 2, "Gentaget": 0, "Afvist": 0, "Ikke sendt": 1}
    with reading(house.engine) as connection:
        named = connection.execute(select(kontakt.c.navn, func.count()).group_by(kontakt.c.navn)).all()
    assert {tuple(row) for row in named} == {("Ny Vejleder", 108), ("Tredje Vejleder", 2)}


@pytest.mark.usefixtures("school")
def test_a_form_that_means_nobody_or_says_too_little_is_shown_again(site, house):
    officer = Officer(site, house.engine)
    for said, text in (
        ({"hvem": "skole", "skole": SCHOOL, "klasse": "9B", **NEW}, "Ingen unge passer."),
        (
            {"hvem": "skole", "skole": "4612", **NEW},
            NO_SCHOOL,
        ),
        ({"hvem": "kontakt", **NEW}, "Skriv, hvem der er kontaktperson nu."),
        ({"hvem": "kontakt", "gammel": "Ingen", **NEW}, "Ingen unge passer."),
        ({"hvem": "kontakt", "gammel": "x", **NEW, "KontaktTelefon": "12"}, "Skriv telefonnummeret med 8 cifre."),
        ({"hvem": "kontakt", "gammel": "x", **NEW, "KontaktMail": "ny"}, "Skriv e-mailadressen som navn@domæne.dk."),
    ):
        page = officer.send_form(CHANGE, said)
        assert (page.status_code, summary(page)) == (422, [text])
    nobody = officer.send_form(SEND, {"hvem": "kontakt", "gammel": "x", "transaktion": "x", **NEW})
    assert (nobody.status_code, summary(nobody)) == (422, ["Markér mindst én og højst 300 unge."])
    other = Officer(site, house.engine, OTHER_KOMMUNE)
    agree(house.engine, OTHER_KOMMUNE)
    assert summary(other.send_form(CHANGE, {"hvem": "skole", "skole": SCHOOL, **NEW})) == ["Ingen unge passer."]
