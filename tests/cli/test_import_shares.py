"""Files that take much away: refused outside a sandbox, with the figures, until the operator names the number."""

import pytest
from sqlalchemy import delete, func, select

from tests.imports.csvs import CPR, EINDKOMST, INSTITUTIONER
from tests.imports.real_files import people, rows_of
from tests.support.world import World
from udb.sandbox import mark
from udb.settings import FAERRE, Settings
from udb.store import state
from udb.store.engine import reading, writing
from udb.store.tables import institution, person
from udb.store.tables.indkomst import indkomst, indkomstmaaned

DONE, REFUSED = 0, 4
CODES = [row["kode"] for row in rows_of("kommuner")][:20]
KOMMUNER = [f"2811{place:02};Kommune {code};;KOM;{code};{code};" for place, code in enumerate(CODES)]
SCHOOLS = [f"{500000 + one};Skole {one};;1061;101;;" for one in range(80)]


@pytest.fixture
def load(monkeypatch, run_udb, engine, database_url, tmp_path):
    """Return a function that imports lines and returns exit code and what was said, into a database of no sandbox."""
    World(engine).build()
    with writing(engine) as connection:
        connection.execute(delete(institution))
    monkeypatch.setenv("UDB_DATA", str(tmp_path))
    monkeypatch.setenv("UDB_DATABASE_URL", database_url)
    file = tmp_path / "file.csv"

    def load(kind, header, lines, *words):
        file.write_text("".join(f"{line}\n" for line in (header, *lines)), encoding="utf-8")
        code, out, said = run_udb("import", kind, str(file), *words)
        assert not (out and said)
        return code, (out or said).strip()

    return load


@pytest.fixture
def sandbox(engine):
    """Make the database a sandbox's."""
    with writing(engine) as connection:
        state.write(connection, mark.SANDBOX, {})


@pytest.fixture
def register(load):
    """Return a function that imports institutions; 20 kommuner and 80 schools are there."""

    def register(lines, *words):
        return load("institutioner", INSTITUTIONER, lines, *words)

    assert register([*KOMMUNER, *SCHOOLS])[0] == DONE
    return register


def there(engine):
    with reading(engine) as connection:
        query = select(institution.c.nummer, institution.c.in_register, institution.c.lukket, institution.c.type3)
        return sorted(map(repr, connection.execute(query)))


def test_the_limits_hold_where_nothing_is_set_and_not_in_a_sandbox(monkeypatch):
    assert FAERRE == {"institutioner": 10, "cpr": 10, "eindkomst": 40}
    for kind, percent in FAERRE.items():
        assert Settings().faerre(kind, sandbox=False) == percent
        assert Settings().faerre(kind, sandbox=True) == 100
        monkeypatch.setenv(f"UDB_FAERRE_{kind.upper()}", "7")
        assert Settings().faerre(kind, sandbox=True) == Settings().faerre(kind, sandbox=False) == 7


def test_a_tenth_of_the_institutions_may_leave(register):
    assert register([*KOMMUNER, *SCHOOLS[10:]]) == (DONE, "90 lines: 0 new, 10 changed, 90 unchanged.")


def test_more_than_a_tenth_may_leave_when_the_number_is_named(register, engine):
    before, lines = there(engine), [*KOMMUNER, *SCHOOLS[11:]]
    code, said = register(lines)
    assert code == REFUSED
    assert said == (
        "The file is refused and nothing is imported: it removes or closes 11 of 100 institutions (11.0 %), 0 of 20 "
        "kommuner among them, and the limit is 10 % (UDB_FAERRE_INSTITUTIONER). If the file is right, repeat the "
        "import with --fewer 11"
    )
    assert register(lines, "--fewer", "10")[0] == REFUSED
    assert there(engine) == before
    assert register(lines, "--fewer", "11")[0] == DONE


def test_a_file_of_one_line_is_not_believed(register, engine):
    before = there(engine)
    code, said = register(SCHOOLS[:1])
    assert (code, "99 of 100 institutions (99.0 %), 20 of 20 kommuner" in said) == (REFUSED, True)
    assert there(engine) == before


def test_institutions_that_close_count_from_the_day(register):
    closed = [f"{line}2026-08-10" for line in SCHOOLS[:11]]
    code, said = register([*KOMMUNER, *closed, *SCHOOLS[11:]])
    assert (code, "closes 11 of 100" in said) == (REFUSED, True)
    later = [f"{line}2026-08-11" for line in SCHOOLS[:11]]
    assert register([*KOMMUNER, *later, *SCHOOLS[11:]])[0] == DONE


def test_kommuner_are_counted_among_themselves(register):
    """Three of a hundred institutions, but three of twenty kommuner: their youths would be seen by none."""
    assert register([*KOMMUNER[2:], *SCHOOLS], "--json")[0] == DONE
    assert register([*KOMMUNER, *SCHOOLS])[0] == DONE
    code, said = register([*KOMMUNER[3:], *SCHOOLS])
    assert (code, "3 of 100 institutions (3.0 %), 3 of 20 kommuner" in said) == (REFUSED, True)
    schools = [line.replace(";KOM;", ";1061;") for line in KOMMUNER[:3]]
    code, said = register([*schools, *KOMMUNER[3:], *SCHOOLS])
    assert (code, "3 of 20 kommuner among them" in said) == (REFUSED, True)


def test_a_merger_leaves_no_kommune_without_an_institution(register):
    merged = [line.replace(f";{code};{code};", ";101;101;") for line, code in zip(KOMMUNER, CODES, strict=True)][:4]
    code, said = register([*merged, *KOMMUNER[4:], *SCHOOLS])
    assert code == 2
    assert "281100 (Kommune 101) in line 2 and 281101 (Kommune 147) both have the kommunekode 101" in said
    code, said = register([*merged, *KOMMUNER[4:], *SCHOOLS], "--merged-kommune", "101")
    assert (code, "3 of 20 kommuner" in said) == (REFUSED, True)
    assert register([*merged, *KOMMUNER[4:], *SCHOOLS], "--merged-kommune", "101", "--fewer", "3")[0] == DONE
    assert register([*merged, *KOMMUNER[4:], *SCHOOLS], "--merged-kommune", "147")[0] == 2
    code, said = register([*KOMMUNER, *SCHOOLS], "--merged-kommune", "København")
    assert (code, said) == (2, "--merged-kommune is a kommunekode of 3 digits.")


@pytest.mark.usefixtures("sandbox")
def test_in_a_sandbox_the_limits_are_off_until_a_setting_says_so(register, monkeypatch):
    assert register(SCHOOLS[:1])[0] == DONE
    assert register([*KOMMUNER, *SCHOOLS])[0] == DONE
    monkeypatch.setenv("UDB_FAERRE_INSTITUTIONER", "50")
    code, said = register(SCHOOLS[:1])
    assert (code, "the limit is 50 %" in said) == (REFUSED, True)


@pytest.fixture
def month(load, engine):
    """Return a function that delivers a month in which so many of ten youths have a line."""
    youths = people(10)
    for cprnr in youths:
        World(engine).person(cprnr)

    def month(name, count, *words):
        lines = [f"{cprnr};{name};1;00;5000.00" for cprnr in youths[:count]]
        strangers = [f"7101550{one:03};{name};1;00;5000.00" for one in range(50)]
        return load("eindkomst", EINDKOMST, [*lines, *strangers], "--month", name, *words)

    return month


def income(engine):
    with reading(engine) as connection:
        lines = sorted(map(repr, connection.execute(select(indkomst))))
        return lines, sorted(connection.execute(select(indkomstmaaned.c.maaned)).scalars())


def test_youths_with_income_may_be_fewer_by_two_fifths(month):
    assert month("2026-05", 10)[0] == DONE
    assert month("2026-06", 6)[0] == DONE


def test_youths_with_income_are_more_than_two_fifths_fewer(month, engine):
    assert month("2026-05", 10)[0] == DONE
    before = income(engine)
    code, said = month("2026-06", 5)
    assert code == REFUSED
    assert said == (
        "The file is refused and nothing is imported: 5 youths have a line in it and 10 in 2026-05, which is 5 fewer "
        "(50.0 %), and the limit is 40 % (UDB_FAERRE_EINDKOMST). If the file is right, repeat the import with "
        "--fewer 5"
    )
    assert month("2026-06", 5, "--fewer", "4")[0] == REFUSED
    assert month("2026-06", 0)[0] == REFUSED
    assert income(engine) == before
    assert month("2026-06", 5, "--fewer", "5")[0] == DONE


def test_a_month_is_compared_with_the_latest_before_it_and_with_itself(month):
    assert month("2026-03", 2)[0] == DONE
    assert month("2026-05", 10, "--json")[0] == DONE
    code, said = month("2026-05", 5)
    assert (code, "10 in 2026-05" in said) == (REFUSED, True)
    code, said = month("2026-07", 5)
    assert (code, "10 in 2026-05" in said) == (REFUSED, True)
    assert month("2026-04", 2)[0] == DONE


def test_the_word_does_not_belong_to_corrections(load):
    code, said = load("eindkomst", EINDKOMST, [f"{people(1)[0]};2026-05;1;00;1.00"], "--correction", "--fewer", "1")
    assert (code, said) == (2, "--fewer belongs to --month, not to corrections.")


@pytest.mark.usefixtures("sandbox")
def test_residents_who_leave_their_kommune(load, engine, monkeypatch):
    """The CPR register's file removes no person, but may take everybody out of a kommune."""
    numbers = people(30)
    here = [f"{cprnr};Navn;01;101;;;" for cprnr in numbers[:20]]
    assert load("cpr", CPR, here)[0] == DONE
    monkeypatch.setenv("UDB_FAERRE_CPR", "10")
    dead = [line.replace(";01;", ";90;") for line in here[:3]]
    code, said = load("cpr", CPR, dead)
    assert code == REFUSED
    assert said == (
        "The file is refused and nothing is imported: it makes 3 of 20 persons leave their kommune (15.0 %), and the "
        "limit is 10 % (UDB_FAERRE_CPR). If the file is right, repeat the import with --fewer 3"
    )
    moved = [line.replace(";101;", ";147;") for line in here]
    assert load("cpr", CPR, moved)[0] == REFUSED
    with reading(engine) as connection:
        still = select(func.count()).where(person.c.status == "01", person.c.kommunekode == "101")
        assert connection.execute(still).scalar_one() == 20
        assert connection.execute(select(func.count(person.c.doed_siden))).scalar_one() == 0
    others = [f"{cprnr};Navn;80;;;;" for cprnr in numbers[20:]]
    assert load("cpr", CPR, [dead[0], moved[1], *here[2:], *others])[0] == DONE
    assert load("cpr", CPR, moved, "--fewer", "18")[0] == DONE
