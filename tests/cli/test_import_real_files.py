"""Files of the registers' own form and size go through, with the limits of a register that is no sandbox."""

import json
from collections import Counter

import pytest
from sqlalchemy import func, select

from tests.imports import real_files
from tests.imports.csvs import INSTITUTIONER
from tests.support.world import STAR, World
from udb.sandbox import mark
from udb.settings import FAERRE
from udb.store import state
from udb.store.codes import named_edition
from udb.store.engine import reading, writing
from udb.store.tables import institution, person
from udb.store.tables.indkomst import indkomst

PEOPLE = 1500


@pytest.fixture
def load(monkeypatch, run_udb, engine, database_url, tmp_path):
    """Return a function that imports a file and returns its counts, or what was said and the exit code."""
    monkeypatch.setenv("UDB_DATA", str(tmp_path))
    monkeypatch.setenv("UDB_DATABASE_URL", database_url)
    for kind, percent in FAERRE.items():
        monkeypatch.setenv(f"UDB_FAERRE_{kind.upper()}", str(percent))
    assert run_udb("migrate")[0] == 0
    with writing(engine) as connection:
        # The persons are invented, so it is a sandbox; the limits of a real register are set.
        state.write(connection, mark.SANDBOX, {})
    World(engine).clock("2026-08-10T08:00:00")
    file = tmp_path / "file.csv"

    def load(kind, content, *words):
        file.write_bytes(content)
        code, out, said = run_udb("import", kind, str(file), *words, "--json")
        document = json.loads(out or "{}")
        return (document, said, code) if code else {name: document[name] for name in document if name != "refused"}

    return load


def counts(read, added=0, changed=0, unchanged=0, **others):
    return {"read": read, "added": added, "changed": changed, "unchanged": unchanged, **others}


def test_a_register_in_its_own_columns(load, engine):
    content = real_files.register()
    assert load("institutionsregister", content) == counts(1000, added=999, skipped=1)
    with reading(engine) as connection:
        stored = {row.nummer: row for row in connection.execute(select(institution))}
        assert named_edition(connection) == "register"
    shipped = {row["kode"]: row["institutionsnummer"] for row in real_files.rows_of("kommuner")}
    kommuner = {row.administrerende_kommune: row.nummer for row in stored.values() if row.type3 == "KOM"}
    assert len(kommuner) == 98
    assert kommuner == shipped
    types = Counter(row.type3 for row in stored.values())
    wanted = {row["kode"] for row in real_files.rows_of("institutionstyper_register")} - {"STAR", "2025"}
    assert types.keys() == wanted
    assert len(wanted - {"KOM"}) == 43, "the 44 types of the register, of which 2025 has become KOM"
    assert types["2013"] == 98
    assert (stored["961001"].beliggenhedskommune, stored["281155"].administrerende_kommune) == (None, "400")
    assert (stored["500001"].hovedinstitution, stored["500002"].hovedinstitution) == ("500000", "500002")
    assert str(stored["500097"].lukket) == "2026-07-31"
    assert load("institutionsregister", content) == counts(1000, unchanged=999, skipped=1)
    assert load("institutionsregister", content.decode().encode("utf-8-sig") + b"\n")["unchanged"] == 999
    as_excel = content.decode().replace("\n", "\r\n").encode("windows-1252")
    assert load("institutionsregister", as_excel) == counts(1000, unchanged=999, skipped=1, encoding="windows-1252")


def test_unknown_types_are_named_once_or_left_out(load, engine):
    """The register gets types that no code set has yet."""
    lines = real_files.register().decode().split("\n")
    new = [real_files.register_line(f"60000{one}", "Ny skole", ("7777", "7778")[one % 2]) for one in range(5)]
    content = "\n".join((lines[0], *new, *lines[1:])).encode()
    document, said, code = load("institutionsregister", content)
    assert (code, "2 faults in 1005 lines" in said) == (2, True)
    assert [(one["number"], one["column"]) for one in document["refused"]] == [
        (2, "Institutionstype, nr"),
        (3, "Institutionstype, nr"),
    ]
    assert "does not have the type 7777 (3 lines)" in document["refused"][0]["reason"]
    skipped = load("institutionsregister", content, "--unknown", "skip")
    assert skipped == counts(1005, added=999, skipped=1, unknown_codes={"7777": 3, "7778": 2})
    assert load("institutionsregister", content, "--unknown", "skip")["unchanged"] == 999
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(institution)).scalar_one() == 999
    nothing = "\n".join((lines[0], *new)).encode()
    _, said, code = load("institutionsregister", nothing, "--unknown", "skip", "--fewer", "999")
    assert (code, "No line of the file has a type" in said) == (2, True)
    unknown = f"{INSTITUTIONER}\n600000;Ny skole;;7777;101;;\n600002;Skole;;1061;101;;\n".encode()
    taken = load("institutioner", unknown, "--unknown", "skip", "--fewer", "990")
    assert taken == counts(2, added=1, changed=999, unknown_codes={"7777": 1})


def test_a_kommune_without_kui_is_its_row_of_type_2013(load, engine):
    without = b"\n".join(line for line in real_files.register().split(b"\n") if b";281111;" not in line)
    assert load("institutionsregister", without)["read"] == 999
    with reading(engine) as connection:
        query = select(institution.c.nummer).where(institution.c.type3 == "KOM")
        numbers = set(connection.execute(query.where(institution.c.administrerende_kommune == "101")).scalars())
        assert (numbers, connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()) == (
            {"101000"},
            98,
        )


def test_star_stays_though_the_register_does_not_have_it(load, engine):
    assert load("institutioner", f"{INSTITUTIONER}\n{STAR};STAR;;STAR;;;\n".encode())["added"] == 1
    assert load("institutionsregister", real_files.register()) == counts(1000, added=999, skipped=1)
    with reading(engine) as connection:
        star = select(institution.c.in_register).where(institution.c.nummer == STAR)
        assert connection.execute(star).scalar_one()


def test_the_limits_hold_for_the_register_in_its_own_columns(load):
    lines = real_files.register().split(b"\n")
    assert load("institutionsregister", b"\n".join(lines))["added"] == 999
    _, said, code = load("institutionsregister", b"\n".join(lines[:801]))
    assert (code, "of 990 institutions" in said, "--fewer" in said) == (4, True, True)
    _, said, code = load("institutionsregister", b"\n".join(lines[:2]))
    assert (code, "97 of 98 kommuner" in said) == (4, True)


def test_persons_and_two_months_of_income(load, engine):
    assert load("institutionsregister", real_files.register())["added"] == 999
    numbers = real_files.people(PEOPLE)
    assert len(set(numbers)) == PEOPLE
    persons = real_files.cpr(numbers)
    replaced = PEOPLE // 100
    assert load("cpr", persons) == counts(PEOPLE, added=PEOPLE, unknown_kommune=2 * replaced)
    assert load("cpr", persons)["unchanged"] == PEOPLE
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(person)).scalar_one() == PEOPLE - replaced
    june = real_files.income(numbers, "2026-06")
    found = load("eindkomst", june, "--month", "2026-06")
    lines = june.count(b"\n") - 1
    assert found["read"] == lines
    assert found["added"] + found["skipped"] == lines
    assert found["skipped"] >= 100
    assert found["events"] > 0
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(indkomst)).scalar_one() == found["added"]
    july = real_files.income(numbers, "2026-07", unknown=["0998", "0999"])
    document, said, code = load("eindkomst", july, "--month", "2026-07")
    assert (code, "2 faults" in said) == (2, True)
    reasons = [one["reason"].split(" in the month (")[-1].split(")")[0] for one in document["refused"]]
    assert reasons == ["10 lines", "10 lines"]
    found = load("eindkomst", july, "--month", "2026-07", "--unknown", "skip")
    assert found["unknown_codes"] == {"0998": 10, "0999": 10}
    assert found["read"] == july.count(b"\n") - 1 == found["added"] + found["skipped"] + 20
    quoted = july.replace(b";00;", b';"00";')
    again = load("eindkomst", quoted, "--month", "2026-07", "--unknown", "skip")
    assert (again["unknown_codes"], again["unchanged"]) == ({"0998": 10, "0999": 10}, found["added"])
