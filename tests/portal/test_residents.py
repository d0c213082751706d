import re
from datetime import date, datetime
from functools import partial

import pytest
from sqlalchemy import func, insert, select, update

from tests.support.cost import functions_entered
from tests.support.endpoint import Endpoint
from tests.support.officer import Officer
from tests.support.reporting import agree, summary
from tests.support.reports import GRADE_10, UNGDOM, accepted, optag
from tests.support.world import GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, SCHOOL
from udb.domain.clock import DANISH
from udb.domain.services import FORBEREDENDE_AKTIVITET, UNGDOMSUDDANNELSE
from udb.hentning.kommune import list_job
from udb.hentning.kommune.list_job import refresh_lists
from udb.portal.youths import residents as pages
from udb.serve.list_watch import refresh_if_due
from udb.store.engine import reading, writing
from udb.store.tables import kontakt, person, read_log, ung_liste
from udb.wsdl.use_cases import application

LIST = "/web/unge/liste/"
FILE = "/web/unge/liste/hent.csv"
UDEN, GYM, ORDER, DROPPED, GONE = "7103075101", "7103075102", "7103075103", "7103095104", "7103075105"


@pytest.fixture
def endpoint(house):
    return Endpoint(application(house, {}))


@pytest.fixture
def listed(site, house, world, endpoint):
    """The officer of KOMMUNE, and five youths in it and out of it, by CPR number."""
    world.clock("2026-08-17T10:00:00")
    agree(house.engine, KOMMUNE)
    numbers = {cprnr: world.person(cprnr) for cprnr in (UDEN, GYM, ORDER, DROPPED)}
    numbers[GONE] = world.person(GONE, kommune="751")
    for cprnr, number in numbers.items():
        with writing(house.engine) as connection:
            connection.execute(update(person).where(person.c.id == number).values(navn=f"Ung {cprnr[-4:]}"))
    optag(endpoint, GYM, 10)
    risk = {**UNGDOM, "CPRNr": GYM, "FrafaldstruetMarkering": True, "HaendelseDato": "2026-08-12T00:00:00"}
    accepted(endpoint.report(UNGDOMSUDDANNELSE, risk))
    world.subscribe(numbers[ORDER])
    optag(endpoint, DROPPED, 3)
    ended = {
        **UNGDOM,
        "CPRNr": DROPPED,
        "Status": 2,
        "AfbrudsarsagsKode": "904",
        "HaendelseDato": "2026-08-11T00:00:00",
    }
    accepted(endpoint.report(UNGDOMSUDDANNELSE, ended))
    endpoint.fetch(KOMMUNE)
    for cprnr, registered in ((GYM, date(2026, 8, 1)), (ORDER, date(2025, 8, 1))):
        world.add(
            kontakt, person_id=numbers[cprnr], art="kommune", institution_nummer=KOMMUNE, navn=f"Vera {cprnr[-4:]}",
            registreringstid=datetime(registered.year, registered.month, registered.day, 12, tzinfo=DANISH),
        )  # fmt: skip
    return Officer(site, house.engine), numbers


def shown(page):
    return re.findall(r">Ung (\d{4})</a>", page.text)


def test_the_list_is_filtered_ordered_and_logged(listed, house):
    officer, numbers = listed
    before = officer.get(LIST)
    assert len(shown(before)) == 4
    assert "Betingelser og rækkefølge er pr." not in before.text
    assert shown(officer.get(LIST, query_string={"situation": "uden"})) == []
    assert refresh_lists(house.engine) == 5
    page = officer.get(LIST)
    assert page.status_code == 200
    # The deadline first, then the latest event.
    assert shown(page) == [DROPPED[-4:], GYM[-4:], UDEN[-4:], ORDER[-4:]]
    assert "710307xx-xxxx" not in page.text
    assert "7103xx-xxxx" in page.text
    assert not any(cprnr in page.text for cprnr in numbers)
    assert "24. august 2026 (åben)" in page.text
    assert "12. august 2026: I risiko for frafald" in page.text
    assert "med uddannelsespålæg" in page.text
    for query, found in (
        ({"situation": "ungdomsuddannelse"}, [GYM]),
        ({"situation": "uden"}, [DROPPED, UDEN, ORDER]),
        ({"situation": "maalgruppe"}, [DROPPED, UDEN, ORDER]),
        ({"situation": "uden_uddannelse"}, [DROPPED, UDEN, ORDER]),
        ({"situation": "i_uddannelse"}, [GYM]),
        ({"situation": "noget andet"}, [DROPPED, GYM, UDEN, ORDER]),
        ({"risiko": "ja"}, [GYM]),
        ({"paalaeg": "ja"}, [ORDER]),
        ({"kontakt": "gyldig"}, [GYM]),
        ({"kontakt": "foraeldet"}, [ORDER]),
        ({"kontakt": "mangler"}, [DROPPED, UDEN]),
        ({"afbrud_dage": "7"}, [DROPPED]),
        ({"afbrud_dage": "6"}, []),
        ({"udfald": "åben"}, [DROPPED]),
        ({"udfald": "overskredet"}, []),
        ({"skole": GYMNASIUM}, [GYM]),
        ({"skole": SCHOOL}, []),
        ({"alder_fra": "18"}, [GYM, UDEN, ORDER]),
        ({"alder_til": "17"}, [DROPPED]),
        ({"alder_fra": "17", "alder_til": "19"}, [DROPPED, GYM, UDEN, ORDER]),
        ({"side": "2"}, []),
    ):
        assert shown(officer.get(LIST, query_string=query)) == [one[-4:] for one in found], query
    none = officer.get(LIST, query_string={"udfald": "overskredet"})
    assert "Ingen unge passer." in none.text
    assert "endnu ikke regnet ud" not in none.text
    wrong = officer.get(LIST, query_string={"alder_fra": "12", "skole": "x"})
    assert wrong.text.count('class="form-error-message"') == 2
    assert (wrong.status_code, len(summary(wrong)), shown(wrong)) == (422, 2, [])
    with reading(house.engine) as connection:
        log = connection.execute(select(read_log).where(read_log.c.operation == "UngListe")).all()
    assert len(log) == 25
    assert {tuple(row.personer) for row in log[:3]} == {
        tuple(sorted(numbers[one] for one in numbers if one != GONE)),
        (),
    }
    assert {row.klausul for row in log} == {"A1"}
    file = officer.get(FILE, query_string={"paalaeg": "ja"})
    assert file.text.splitlines()[1].split(";")[:3] == ["Ung 5103", "7103xx-xxxx", "19"]
    assert len(file.text.splitlines()) == 2
    with reading(house.engine) as connection:
        (row,) = connection.execute(select(read_log).where(read_log.c.operation == "UngListeFil")).all()
    assert (row.personer, row.formaal) == ([numbers[ORDER]], "vejledning")


def test_a_row_leads_to_its_youth_and_follows_a_move_at_once(listed, house, world):
    officer, numbers = listed
    refresh_lists(house.engine)
    page = officer.get(LIST, query_string={"paalaeg": "ja"})
    (address,) = re.findall(r'href="(/web/unge/s/[^"]+)"', page.text)
    assert "710307-5103" in officer.get(address).text
    world.person(ORDER, kommune="751")
    assert shown(officer.get(LIST, query_string={"paalaeg": "ja"})) == []
    assert officer.get(address).status_code == 404
    agree(house.engine, OTHER_KOMMUNE)
    other = Officer(officer._client.application, house.engine, OTHER_KOMMUNE)
    assert set(shown(other.get(LIST))) == {GONE[-4:], ORDER[-4:]}
    # Worked out for the kommune where the youth lived until now: it says whether that one has a contact person.
    for state in ("gyldig", "foraeldet"):
        assert shown(other.get(LIST, query_string={"kontakt": state})) == []
    assert shown(other.get(LIST, query_string={"kontakt": "mangler"})) == [GONE[-4:]]
    world.person(GONE, status="80")
    refresh_lists(house.engine)
    with reading(house.engine) as connection:
        kept = set(connection.execute(select(ung_liste.c.person_id)).scalars())
    assert kept == {number for cprnr, number in numbers.items() if cprnr != GONE}


def test_a_list_that_was_begun_later_outlives_the_end_of_an_earlier_one(listed, house, world, monkeypatch):
    """The lists of a whole country may take longer than the time between two of them."""
    work_out = list_job._rows
    calls = []

    def slow(*given):
        calls.append(given)
        if len(calls) == 2:
            world.clock("2026-08-17T11:30:00")
            assert refresh_lists(house.engine) == 5
        return work_out(*given)

    monkeypatch.setattr(list_job, "_rows", slow)
    # The later one works everything out while the earlier one is at its second kommune.
    assert refresh_lists(house.engine) == 5
    with reading(house.engine) as connection:
        assert set(connection.execute(select(ung_liste.c.person_id)).scalars()) == set(listed[1].values())


def test_a_youth_who_moves_between_two_queries_is_left_out(listed, world, monkeypatch):
    officer, _ = listed
    refresh_lists(world.engine)
    page = officer.get(LIST, query_string={"paalaeg": "ja"})
    (address,) = re.findall(r'href="(/web/unge/s/[^"]+)"', page.text)
    for module in ("residents", "school", "youth"):
        name = f"udb.hentning.kommune.{module}.see"
        monkeypatch.setattr(name, lambda *_: {})
    assert shown(officer.get(LIST)) == []
    assert officer.get(address).status_code == 404


def test_no_filter_tells_of_what_the_look_up_withholds(listed, house, endpoint, world):
    officer, numbers = listed
    # In the 10th grade, and then 25: what is dated before the birthday is withheld.
    accepted(endpoint.report(FORBEREDENDE_AKTIVITET, {**GRADE_10, "CPRNr": UDEN}))
    with writing(house.engine) as connection:
        days = {"turns_15": date(2016, 8, 18), "turns_18": date(2019, 8, 18), "turns_25": date(2026, 8, 18)}
        connection.execute(update(person).where(person.c.id == numbers[UDEN]).values(**days))
    refresh_lists(house.engine)
    assert UDEN[-4:] in shown(officer.get(LIST, query_string={"situation": "grundskole"}))
    world.clock("2026-08-18T00:30:00")
    assert "<td>I grundskole" not in officer.get(LIST).text
    # Also before the lists are worked out again.
    for query in ({"situation": "grundskole"}, {"skole": SCHOOL}):
        assert shown(officer.get(LIST, query_string=query)) == []
    assert UDEN[-4:] in shown(officer.get(LIST, query_string={"alder_fra": "25"}))
    refresh_lists(house.engine)
    for query in ({"situation": "grundskole"}, {"skole": SCHOOL}):
        assert shown(officer.get(LIST, query_string=query)) == []
    with reading(house.engine) as connection:
        row = connection.execute(select(ung_liste).where(ung_liste.c.person_id == numbers[UDEN])).one()
    assert (row.seneste, row.skoler.strip(), row.situation) == (None, "", "uden")


def test_more_than_a_list_holds_is_narrowed(listed, monkeypatch):
    officer, _ = listed
    monkeypatch.setattr("udb.hentning.kommune.residents.MOST", 3)
    page = officer.get(LIST)
    assert "Indsnævr den med flere betingelser." in page.text
    assert shown(page) == []
    assert officer.get(FILE).status_code == 422


@pytest.mark.usefixtures("listed")
def test_one_worker_in_an_hour_works_the_lists_out(house):
    assert refresh_if_due(house.engine, 60)
    assert not refresh_if_due(house.engine, 60)
    assert refresh_if_due(house.engine, 0)


def test_a_page_and_a_list_of_100_cost_little(listed, house):
    officer, numbers = listed
    with writing(house.engine) as connection:
        row = dict(connection.execute(select(person).where(person.c.id == numbers[GYM])).mappings().one())
        del row["id"]
        connection.execute(
            insert(person), [{**row, "cprnr": f"71030741{one:02}", "navn": f"Ung {one:04}"} for one in range(100)]
        )
        copied = connection.execute(select(person.c.id).where(person.c.cprnr.like("71030741%"))).scalars().all()
        from udb.store.tables import haendelse

        events = connection.execute(select(haendelse).where(haendelse.c.person_id == numbers[GYM])).mappings().all()
        more = [
            {
                **event,
                "person_id": number,
                "nummer": f"UDB-{9 * 10**22 + 10 * number + place:023}",
                "plads": f"p{number}",
            }
            for number in copied
            for place, event in enumerate(events)
        ]
        connection.execute(insert(haendelse), more)
        assert connection.execute(select(func.count()).select_from(haendelse)).scalar_one() > 200
    refresh_lists(house.engine)
    address = officer.reference(GYM)

    assert officer.get(address).status_code == 200
    assert len(shown(officer.get(LIST))) == pages.PAGE
    of_page, of_list = (functions_entered(partial(officer.get, path)) for path in (address, LIST))
    assert of_page < 10_500, of_page
    assert of_list < 44_000, of_list
