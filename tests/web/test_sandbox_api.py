import base64
import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, text, update

from tests.imports.csvs import CPR, EINDKOMST, EKSAMENSBEVISER, INSTITUTIONER
from tests.support.endpoint import HOST, request
from udb.callers import authentication, systems
from udb.domain.clock import DANISH, system_time
from udb.domain.errors import UdbRefused
from udb.imports.kodesaet import load_shipped
from udb.readlog.sealing import seal
from udb.rulebook import examples
from udb.sandbox import clock, mark
from udb.sandbox.reset import reset
from udb.sandbox.scenarios import SCENARIER
from udb.sandbox.seed import Parameters, seed
from udb.settings import Settings
from udb.store import numbers, state
from udb.store.codes import CodeCache
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import call_key, cprnummer, haendelse, institution, kodesaet, metadata, person, read_log, system
from udb.web.sandbox_api import sandbox_app

TODAY = date(2026, 8, 10)
HEADERS = {"X-UDB-Sandbox": "1"}


def two_thousand(url):
    engine = make_engine(url)
    with writing(engine) as connection:
        load_shipped(connection)
    seed(engine, Parameters(2000, 1, TODAY), lambda *_: None)
    engine.dispose()


@pytest.fixture
def seeded(databases):
    with databases.migrated(two_thousand) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def empty(engine):
    with writing(engine) as connection:
        load_shipped(connection)
        mark.claim(connection)
    return engine


def call(engine, method, path, body=b"", headers=HEADERS):
    answer = request(sandbox_app(engine, {HOST}, Settings(sandbox=True)), method, path, body, headers)
    return answer.status, json.loads(answer.body)


def rows(engine):
    with reading(engine) as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in metadata.sorted_tables
            if table.name != "state"
        }


@pytest.mark.parametrize("headers", [{}, {"X-UDB-Sandbox": "0"}, {"X-UDB-Sandbox": ""}])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/sandbox/nulstil"), ("GET", "/sandbox/status"), ("PUT", "/sandbox/ur")]
)
def test_nothing_works_without_the_header(empty, method, path, headers):
    status, answer = call(empty, method, path, headers=headers)
    assert status == 403
    assert "X-UDB-Sandbox" in answer["fejl"]


@pytest.mark.parametrize("host", ["fremmed.example", "127.0.0.1:8081", "127.0.0.1", ""])
def test_no_host_that_leads_here_by_another_name(empty, host):
    for method, path in (("POST", "/sandbox/nulstil"), ("GET", "/sandbox/status"), ("PUT", "/sandbox/ur")):
        status, answer = call(empty, method, path, headers={**HEADERS, "Host": host})
        assert status == 421
        assert "UDB_VAERTER" in answer["fejl"]
        assert host not in answer["fejl"] or not host
    assert call(empty, "GET", "/sandbox/status", headers={**HEADERS, "Host": HOST.upper()})[0] == 200


def test_the_clock_is_set_runs_on_and_is_set_free(empty):
    status, answer = call(empty, "PUT", "/sandbox/ur", b'{"nu": "2026-08-01T08:00:00+02:00"}')
    assert status == 200
    assert answer["nu"].startswith("2026-08-01T08:00:0")
    with reading(empty) as connection:
        first = clock.now(connection)
        assert first.date() == date(2026, 8, 1)
        assert clock.now(connection) > first
    for outside in ("1999-12-31T08:00:00", "2000-01-01T00:00:00+14:00", "2100-12-31T23:59:59-14:00", "0001-01-01"):
        assert call(empty, "PUT", "/sandbox/ur", json.dumps({"nu": outside}).encode())[0] == 400
    call(empty, "PUT", "/sandbox/ur", b'{"nu": "2012-01-01T00:30:00"}')
    with reading(empty) as connection:
        assert clock.now(connection).isoformat().startswith("2012-01-01T00:30:0")
    assert call(empty, "PUT", "/sandbox/ur", b'{"nu": null}')[0] == 200
    with reading(empty) as connection:
        assert abs(clock.now(connection) - datetime.now().astimezone()) < timedelta(minutes=1)


def _put(engine, document):
    status, answer = call(engine, "PUT", "/sandbox/ur", json.dumps(document).encode())
    return status, answer["nu"][:10]


def _status(engine):
    return call(engine, "GET", "/sandbox/status")[1]


@pytest.mark.parametrize("first", ["2026-03-01T08:00:00+01:00", None], ids=["a clock that was set", "real time"])
def test_a_clock_on_loan_is_given_back_as_it_was(empty, first):
    call(empty, "PUT", "/sandbox/ur", json.dumps({"nu": first}).encode())
    before = _status(empty)
    assert before["ur_til_laans"] is False
    assert _put(empty, {"nu": "2026-08-17T09:00:00+02:00", "laan": 600}) == (200, "2026-08-17")
    # A second loan before the first has ended: that of a run after one that was killed.
    assert _put(empty, {"nu": "2026-09-01T09:00:00+02:00", "laan": 600}) == (200, "2026-09-01")
    assert _put(empty, {"laan": 900}) == (200, "2026-09-01")
    assert [_status(empty)[name] for name in ("ur_sat", "ur_til_laans")] == [True, True]
    assert _put(empty, {"laan": 0}) == (200, before["nu"][:10])
    after = _status(empty)
    assert [after[name] for name in ("ur_sat", "ur_til_laans")] == [first is not None, False]
    assert _put(empty, {"laan": 0}) == _put(empty, {"laan": 60}) == (200, before["nu"][:10])


def test_a_loan_ends_by_itself_when_the_borrower_is_gone(empty, monkeypatch):
    call(empty, "PUT", "/sandbox/ur", b'{"nu": "2026-03-01T08:00:00+01:00"}')
    _put(empty, {"nu": "2026-08-17T09:00:00+02:00", "laan": 600})
    later = [timedelta(seconds=599), timedelta(seconds=601)]
    for passed, day in zip(later, ("2026-08-17T09:09:59", "2026-03-01T08:10:01"), strict=True):
        monkeypatch.setattr(state, "system_time", lambda passed=passed: system_time() + passed)
        with reading(empty) as connection:
            assert clock.now(connection).isoformat()[:16] == day[:16]
            assert state.now(connection).isoformat()[:16] == day[:16]
            assert clock.is_lent(connection) is (passed < timedelta(seconds=600))


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"x",
            b"[]",
            b"null",
            b'{"nu": 1}',
            b'{"nu": "i morgen"}',
            b'{"nu": null, "mere": 1}',
            b"\xff",
            b"[" * 9999,
        ),
        *(b"{}", b'{"laan": -1}', b'{"laan": 86401}', b'{"laan": true}', b'{"laan": "60"}', b'{"nu": null, "laan": 0}'),
    ],
)
def test_a_clock_that_makes_no_sense_is_refused(empty, body):
    status, answer = call(empty, "PUT", "/sandbox/ur", body)
    assert status == 400
    assert "nu" in answer["fejl"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sandbox/ur", 405),
        ("GET", "/sandbox/nulstil", 405),
        ("DELETE", "/sandbox/status", 405),
        ("GET", "/sandbox/import/cpr", 405),
        ("GET", "/sandbox", 404),
        ("GET", "/sandbox/findes-ikke", 404),
        ("POST", "/sandbox/import/findes-ikke", 400),
        ("POST", "/sandbox/import/kodesaet", 400),
        ("POST", "/sandbox/import/kodesaet?saet=findes_ikke", 400),
        ("POST", "/sandbox/import/cpr?saet=klassetyper", 400),
    ],
)
def test_wrong_addresses_methods_and_options(empty, method, path, status):
    found, answer = call(empty, method, path)
    assert found == status
    assert answer["fejl"]


def test_a_body_that_is_too_large_or_of_unknown_length_is_refused(empty):
    app = sandbox_app(empty, {HOST}, Settings(sandbox=True))
    assert request(app, "PUT", "/sandbox/ur", b"x" * 70_000, HEADERS).status == 413
    assert request(app, "PUT", "/sandbox/ur", b"", HEADERS | {"Content-Length": "x"}).status == 411


def test_an_import_over_http(empty):
    status, answer = call(empty, "POST", "/sandbox/import/cpr", f"{CPR}\n6101054234;Test;01;101;;;\n".encode())
    assert (status, answer) == (200, {"read": 1, "added": 1, "changed": 0, "unchanged": 0, "refused": []})
    status, answer = call(empty, "POST", "/sandbox/import/cpr", f"{CPR}\n6101054234;Test;99;101;;;\n".encode())
    assert status == 422
    assert [(line["number"], line["column"]) for line in answer["refused"]] == [(2, "status")]
    csv = b"kode;tekst;gyldig_fra;gyldig_til;opfundet;kilde\n60;Ny;2026-01-01;;;egen liste\n"
    assert call(empty, "POST", "/sandbox/import/kodesaet?saet=klassetyper", csv)[1]["added"] == 1
    diploma = f"{EKSAMENSBEVISER}\n6101054234;461248;3009;2020-06-26\n".encode()
    for query, added, unchanged in (("?til=2020-07-01", 1, 0), ("", 0, 1)):
        status, answer = call(empty, "POST", f"/sandbox/import/eksamensbeviser{query}", diploma)
        assert (status, answer["added"], answer["unchanged"], answer["skipped"]) == (200, added, unchanged, 0)
    assert call(empty, "POST", "/sandbox/import/eksamensbeviser?til=i-dag", diploma)[0] == 400


def test_an_import_over_http_of_a_file_that_excel_has_saved(empty):
    content = f"sep=;\r\n{CPR}\r\n6101054234;Søren;01;101;;;\r\n".encode("windows-1252")
    status, answer = call(empty, "POST", "/sandbox/import/cpr", content)
    assert (status, answer["added"], answer["encoding"]) == (200, 1, "windows-1252")


def test_unknown_codes_of_income_are_named_once_or_left_out_when_the_query_says_so(empty):
    lines = [f"6101054234;2020-06;{one};{kind};1.00" for one, kind in enumerate(("00", "0998", "0999", "0998"))]
    content = "".join(f"{line}\n" for line in (EINDKOMST, *lines)).encode()
    address = "/sandbox/import/eindkomst?maaned=2020-06"
    status, answer = call(empty, "POST", address, content)
    assert status == 422
    assert [(one["number"], one["column"]) for one in answer["refused"]] == [(3, "indtaegtsart"), (4, "indtaegtsart")]
    for fault, kind, count in zip(answer["refused"], ("0998", "0999"), ("2 linjer", "1 linje"), strict=True):
        assert fault["reason"] == (
            f"Kodesættet indtaegtsarter har ikke indtægtsarten {kind} i måneden ({count}). Indlæs den, eller gentag "
            "importen med ukendte=spring-over."
        )
    assert call(empty, "POST", f"{address}&ukendte=behold", content)[0] == 400
    status, answer = call(empty, "POST", f"{address}&ukendte=spring-over", content)
    assert (status, answer["read"], answer["skipped"]) == (200, 4, 1)
    assert answer["unknown_codes"] == {"0998": 2, "0999": 1}
    only = "".join(f"{line}\n" for line in (EINDKOMST, *lines[1:])).encode()
    status, answer = call(empty, "POST", f"{address}&ukendte=spring-over", only)
    assert (status, answer["refused"][0]["reason"]) == (
        422,
        "Ingen af filens linjer har en indtægtsart, som kodesættet indtaegtsarter har i måneden.",
    )


def test_corrections_leave_unknown_codes_out_in_each_month(empty):
    for month in ("2016-12", "2017-01"):
        content = f"{EINDKOMST}\n6101019999;{month};1;00;1.00\n".encode()
        assert call(empty, "POST", f"/sandbox/import/eindkomst?maaned={month}", content)[0] == 200
    lines = (f"6101019999;{month};1;{kind};1.00" for month in ("2016-12", "2017-01") for kind in ("0003", "00"))
    content = "".join(f"{line}\n" for line in (EINDKOMST, *lines)).encode()
    assert call(empty, "POST", "/sandbox/import/eindkomst?rettelse", content)[0] == 422
    status, answer = call(empty, "POST", "/sandbox/import/eindkomst?rettelse&ukendte=spring-over", content)
    assert (status, answer["read"], answer["unknown_codes"], answer["skipped"]) == (200, 4, {"0003": 1}, 3)


def test_a_file_that_takes_much_away_over_http(empty):
    """In a sandbox the limits are off, and a setting turns them on."""
    lines = [f"28111{one};Kommune;;KOM;101;{code};" for one, code in enumerate(("101", "147", "151"))]
    two, three = ("\n".join((INSTITUTIONER, *some, "")).encode() for some in (lines[:2], lines))
    limited = sandbox_app(empty, {HOST}, Settings(sandbox=True, faerre_institutioner=10))

    def send(content, query=""):
        answer = request(limited, "POST", f"/sandbox/import/institutioner{query}", content, HEADERS)
        return answer.status, json.loads(answer.body)

    for content in (three, two, three):
        assert call(empty, "POST", "/sandbox/import/institutioner", content)[0] == 200
    status, answer = send(two)
    assert status == 409
    assert answer["fejl"] == (
        "Filen er afvist, og intet er indlæst: den fjerner eller lukker 1 af 3 institutioner (33,4 %), heraf 1 af 3 "
        "kommuner, og grænsen er 10 % (UDB_FAERRE_INSTITUTIONER). Er filen rigtig, så gentag importen med faerre=1."
    )
    assert send(two, "?faerre=mange")[0] == 400
    assert send(two, "?faerre=1")[0] == 200
    both = f"{INSTITUTIONER}\n{lines[0]}\n281111;Frederiksberg;;KOM;147;101;\n".encode()
    status, answer = send(both)
    assert status == 422
    assert answer["refused"][0]["reason"] == (
        "281110 (Kommune) i linje 2 og 281111 (Frederiksberg) har begge kommunekode 101, så begge får kommunens unge "
        "at se. Ret den, der er forkert; er kommunerne lagt sammen, så gentag importen med sammenlagt=101."
    )
    assert send(both, "?sammenlagt=101,147&faerre=1")[0] == 200
    assert send(both, "?sammenlagt=")[0] == 400


def test_status_tells_clock_counts_and_keys(seeded):
    status, answer = call(seeded, "GET", "/sandbox/status")
    assert status == 200
    assert answer["nu"].startswith("2026-08-10T08:0")
    assert answer["unge"] == 2000 + len(examples.youths())
    assert answer["haendelser"] > 5000
    assert answer["seed"] == {"unge": 2000, "seed": 1, "dato": "2026-08-10"}
    with writing(seeded) as connection:
        for found in answer["systemer"]:
            assert systems.verify(connection, found["id"], found["noegle"])
        systems.create(connection, "eget", "Mit eget")
    answer = call(seeded, "GET", "/sandbox/status")[1]
    assert [found["noegle"] for found in answer["systemer"] if found["id"] == "eget"] == [None]


@pytest.mark.parametrize("name", sorted(SCENARIER))
def test_every_scenario_has_youths_in_a_world_of_two_thousand(world, name):
    status, answer = call(world, "GET", f"/sandbox/unge?scenarie={name}&antal=3")
    assert status == 200
    assert 1 <= len(answer["unge"]) <= 3
    for youth in answer["unge"]:
        assert int(youth["cprnr"][:2]) > 60
        assert (youth["kommune_institution"] is None) == (youth["kommunekode"] is None)


@pytest.fixture(scope="module")
def world(databases):
    """One world for all questions that change nothing."""
    with databases.migrated(two_thousand) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def test_an_unknown_scenario_is_answered_with_those_there_are(empty):
    for query in ("", "?scenarie=findes_ikke"):
        status, answer = call(empty, "GET", f"/sandbox/unge{query}")
        assert status == 400
        assert set(answer["scenarier"]) == set(SCENARIER)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fylder_15_i_gaar", "Fyldte 15 år i går og bor i Danmark."),
        ("fylder_15_i_dag", "Fylder 15 år i dag og bor i Danmark."),
        ("fylder_30_i_morgen", "Fylder 30 år i morgen og bor i Danmark."),
    ],
)
def test_a_birthday_of_yesterday_is_past(name, text):
    assert SCENARIER[name].tekst == text


def test_the_systems_of_kommuner_have_the_kommuners_official_names(world):
    names = {found["id"]: found["navn"] for found in call(world, "GET", "/sandbox/status")[1]["systemer"]}
    assert {id_: names[id_] for id_ in ("kui-101", "kui-400", "kui-461")} == {
        "kui-101": "Københavns Kommune",
        "kui-400": "Bornholms Regionskommune",
        "kui-461": "Odense Kommune",
    }


def test_an_unknown_address_is_answered_with_those_there_are(empty):
    status, answer = call(empty, "GET", "/sandbox/findes-ikke")
    assert status == 404
    assert "Adressen findes ikke. Brug en af: /sandbox/" in str(answer)


@pytest.mark.parametrize("query", ["antal=0", "antal=101", "antal=x", "antal=", "andet=1"])
def test_other_options_of_a_scenario_are_refused(empty, query):
    assert call(empty, "GET", f"/sandbox/unge?scenarie=bosat&{query}")[0] == 400


def test_the_reset_brings_back_what_the_seed_left(seeded):
    before = rows(seeded)
    with writing(seeded) as connection:
        young = connection.execute(select(person.c.id, person.c.cprnr).limit(1)).one()
        last = connection.execute(select(haendelse).order_by(haendelse.c.nummer.desc()).limit(1)).mappings().one()
        new = f"UDB-{numbers.draw(connection, clock.now(connection))[0]}"
        connection.execute(insert(haendelse).values(**{**last, "nummer": new, "plads": new, "person_id": young.id}))
        connection.execute(update(haendelse).where(haendelse.c.nummer == last["nummer"]).values(annulleret=True))
        connection.execute(
            insert(call_key).values(
                system_id="sandbox",
                operation="X",
                institution_nummer="461248",
                transaction_id="1",
                content_hash="0",
                receipt={},
                created=clock.now(connection),
            )
        )
        connection.execute(delete(kodesaet).where(kodesaet.c.saet == "klassetyper"))
        connection.execute(update(institution).values(navn="Ændret"))
        systems.create(connection, "eget", "Mit eget")
        clock.set_clock(connection, None)
    number = "6101054999"
    lines = f"{CPR}\n{young.cprnr};;60;;{number};;\n{number};Ny;01;101;;;\n"
    assert call(seeded, "POST", "/sandbox/import/cpr", lines.encode())[0] == 200
    assert rows(seeded) != before
    status, answer = call(seeded, "POST", "/sandbox/nulstil")
    assert status == 200
    assert answer["nu"].startswith("2026-08-10T08:0")
    assert rows(seeded) == before


def test_what_was_read_and_sealed_since_is_gone(seeded):
    before = rows(seeded)
    for clause in ("A1", "A2"):
        with writing(seeded) as connection:
            connection.execute(
                insert(read_log).values(
                    tid=clock.now(connection),
                    system_id="sandbox",
                    institution_nummer="281111",
                    operation="HentHaendelser",
                    correlation_id="",
                    klausul=clause,
                    personer=[1],
                )
            )
        assert seal(seeded) == 1
    reset(seeded)
    assert rows(seeded) == before


def test_two_who_became_one_are_two_again(seeded):
    before = rows(seeded)
    with reading(seeded) as connection:
        query = select(person.c.cprnr).where(person.c.status == "01").order_by(person.c.id)
        old, *_, new = connection.execute(query).scalars().all()
    assert call(seeded, "POST", "/sandbox/import/cpr", f"{CPR}\n{old};;60;;{new};;\n".encode())[0] == 200
    assert len(rows(seeded)["person"]) == len(before["person"]) - 1
    reset(seeded)
    assert rows(seeded) == before


def test_no_worker_keeps_code_sets_from_before_the_reset(seeded):
    cache = CodeCache()

    def codes():
        with reading(seeded) as connection:
            return set(cache.get(connection, state.read(connection, state.CODE_EDITION)).codes("klassetyper"))

    def add(kode):
        csv = f"kode;tekst;gyldig_fra;gyldig_til;opfundet;kilde\n{kode};Ny;2026-01-01;;;egen liste\n"
        assert call(seeded, "POST", "/sandbox/import/kodesaet?saet=klassetyper", csv.encode())[0] == 200

    add("60")
    assert "60" in codes()
    reset(seeded)
    add("61")
    assert "60" not in codes()
    assert "61" in codes()


def test_without_a_seed_code_sets_and_systems_stay(empty):
    call(empty, "POST", "/sandbox/import/cpr", f"{CPR}\n6101054234;Test;01;101;;;\n".encode())
    with writing(empty) as connection:
        key = systems.create(connection, "eget", "Mit eget", "en-lang-hemmelig-noegle")
        clock.set_clock(connection, datetime(2026, 1, 1, 8, tzinfo=DANISH))
    assert call(empty, "POST", "/sandbox/nulstil")[0] == 200
    with reading(empty) as connection:
        for table, count in ((person, 0), (cprnummer, 0), (system, 1)):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == count
        assert connection.execute(select(func.count()).select_from(kodesaet)).scalar_one() > 200
        assert systems.verify(connection, "eget", key)
        assert state.read(connection, state.SANDBOX_CLOCK) is None


def test_a_register_that_is_not_the_sandboxs_is_never_emptied(engine):
    with pytest.raises(UdbRefused):
        reset(engine)


def test_a_world_from_before_the_tables_changed_is_not_restored(seeded):
    before = rows(seeded)
    with writing(seeded) as connection:
        connection.execute(text("ALTER TABLE sandbox_copy_person DROP COLUMN telefon"))
    status, answer = call(seeded, "POST", "/sandbox/nulstil")
    assert status == 409
    assert "udb sandbox seed" in answer["fejl"]
    assert rows(seeded) == before


def test_a_seeded_system_comes_in(seeded):
    answer = call(seeded, "GET", "/sandbox/status")[1]
    key = next(found["noegle"] for found in answer["systemer"] if found["id"] == "sandbox")
    with reading(seeded) as connection:
        header = "Basic " + base64.b64encode(f"sandbox:{key}".encode()).decode()
        assert authentication._by_key(connection, header) == "sandbox"


def test_the_reset_forgets_income_and_what_was_told_of_it(seeded):
    before = rows(seeded)
    with reading(seeded) as connection:
        edge = date(2026, 7, 31)
        query = select(person.c.cprnr).where(
            person.c.status == "01", person.c.turns_15 <= edge, person.c.turns_25 > edge
        )
        number = connection.execute(query.limit(1)).scalar_one()
    body = f"cprnr;maaned;indberetter;indtaegtsart;beloeb\n{number};2026-07;11111111;0041;1.00\n".encode()
    status, answer = call(seeded, "POST", "/sandbox/import/eindkomst?maaned=2026-07", body)
    assert (status, answer["added"]) == (200, 1)
    assert rows(seeded)["indkomstserie"]
    reset(seeded)
    assert rows(seeded) == before
