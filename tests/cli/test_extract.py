"""udb statistics extract and compare, as STIL's data worker runs them: bytes, privacy, refusals, what a stop leaves."""

import csv
import errno
import gzip
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.support import figure_youths, hosts, known_afbrud, seeded
from tests.support.endpoint import HOST, basic, request, written
from tests.support.golden import DAY as FIRST_OF_OCTOBER
from tests.support.golden import GOLDEN, NOVEMBER, OCTOBER
from tests.support.reports import ANNA, BO, CAJA, UNGDOM, accepted, optag
from tests.support.size import size
from tests.support.world import GYMNASIUM, KOMMUNE, OTHER_KOMMUNE
from udb.domain.services import KONTAKT_TILBUDSTID, SERVICES, UNGDOMSUDDANNELSE
from udb.paths import ROOT
from udb.readlog.lookup import user
from udb.statistics import frozen
from udb.statistics.extract import files as extract_files
from udb.statistics.extract import scratch
from udb.statistics.extract.pseudonym import Key
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import cprnummer, haendelse, kontakt, person
from udb.store.tables.indkomst import indkomstmaaned, indkomstserie
from udb.store.tables.log import read_log, read_log_person
from udb.wsdl.use_cases import application

SECRET = "5f" * 32
DAY = "2026-08-10"
OF_YOUTHS = ("unge", "forloeb", "haendelser", "beskaeftigelse", "kontakttid", "opmaerkninger")
NEW = "7103075900"
"""Another number of Anna's."""


def seed(url):
    engine = make_engine(url)
    seeded.make(engine, unge=30, dato=date(2026, 10, 20), historie=True)
    engine.dispose()


@pytest.fixture
def extract(udb, monkeypatch, tmp_path):
    """Return a function that makes an extract in a new folder, which must succeed, and returns the folder."""
    monkeypatch.setenv("UDB_UDTRAEK_NOEGLE_2026", SECRET)

    def made(name, *options, day=DAY):
        code, _, said = udb("statistics", "extract", "--date", day, "--out", str(tmp_path / name), *options)
        assert code == 0, said
        return tmp_path / name

    return made


def table(folder, name):
    """Return the rows of a file."""
    path = next(folder.glob(f"{name}.csv*"))
    text = (gzip.decompress if path.suffix == ".gz" else bytes)(path.read_bytes()).decode()
    assert "\r" not in text
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def pseudonym(engine, cprnr):
    with reading(engine) as connection:
        query = select(cprnummer.c.person_id).where(cprnummer.c.cprnr == cprnr)
        return Key("2026", bytes.fromhex(SECRET)).pseudonym(connection.execute(query).scalar_one())


def whole(folder):
    """Return the bytes of all files of a folder, unpacked."""
    return b"".join(
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in folder.iterdir()
    )


@pytest.mark.built_by(build=seed)
def test_one_snapshot_gives_the_same_bytes_and_no_one_can_be_read_from_them(engine, extract, monkeypatch):
    day = "2026-09-15"
    monkeypatch.setenv("UDB_UDTRAEK_CPR", json.dumps([user()]))
    plain, again = extract("a", day=day), extract("b", day=day)
    packed, with_cpr = extract("c", "--format", "csv.gz", day=day), extract("d", "--with-cpr", day=day)
    assert extract("e", "--format", "csv.gz", day=day)
    for path in plain.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        if path.suffix == ".csv":
            assert path.read_bytes() == (again / path.name).read_bytes() == (with_cpr / path.name).read_bytes()
            one = (packed / f"{path.name}.gz").read_bytes()
            assert gzip.decompress(one) == path.read_bytes()
            assert one == (packed.parent / "e" / f"{path.name}.gz").read_bytes()
    lines = [(folder / "manifest.json").read_text(encoding="utf-8").splitlines() for folder in (plain, again)]
    assert {one.split(":")[0].strip() for one, other in zip(*lines, strict=True) if one != other} <= {'"tid"'}
    for folder in (plain, packed):
        for content in manifest(folder)["filer"]:
            found = (folder / content["fil"]).read_bytes()
            assert (content["bytes"], content["sha256"]) == (len(found), hashlib.sha256(found).hexdigest())
            assert content["raekker"] == len(table(folder, content["fil"].split(".")[0]))
    assert {name: answer["svar"] for name, answer in manifest(plain)["kontrol"].items()}.keys() >= {"haendelser"}
    assert {answer["svar"] for answer in manifest(plain)["kontrol"].values()} == {"ok"}
    assert all(len(table(plain, name)) > 5 for name in (*OF_YOUTHS, "indberetninger", "kodesaet"))

    with reading(engine) as connection:
        people = connection.execute(select(person.c.navn, person.c.mail, person.c.telefon)).all()
        contacts = connection.execute(select(kontakt.c.navn, kontakt.c.mail, kontakt.c.telefon)).all()
        numbers = connection.execute(select(cprnummer.c.cprnr)).scalars().all()
        places = connection.execute(select(haendelse.c.praktiksted).distinct()).scalars().all()
    secrets = {value for row in (*people, *contacts) for value in row if value} | {*filter(None, places)}
    assert len(secrets) > 100
    everything = whole(plain)
    assert whole(packed).count(b";") == everything.count(b";")
    # An event number has 23 digits: a CPR number may be among them, and says nothing there.
    outside = re.sub(rb"\d{23}", b"", everything)
    assert [one for one in (*numbers, *secrets) if one.encode() in outside] == []
    keys = {row["id"]: row["cprnr"] for row in table(with_cpr, "noegle")}
    assert keys.keys() == {row["id"] for row in table(plain, "unge")}
    assert set(keys.values()) <= set(numbers)
    assert stat.S_IMODE((with_cpr / "noegle.csv").stat().st_mode) == 0o600
    rest = re.sub(rb"\d{23}", b"", b"".join(p.read_bytes() for p in with_cpr.iterdir() if p.name != "noegle.csv"))
    assert [one for one in numbers if one.encode() in rest] == []


@pytest.mark.built_by(build=seed)
def test_rows_are_in_order_and_say_what_the_register_says(engine, extract, udb):
    folder = extract("a", "--from", "2025-01-01", day="2026-09-15")
    youths, courses, events = (table(folder, name) for name in ("unge", "forloeb", "haendelser"))
    assert [row["id"] for row in youths] == sorted({row["id"] for row in youths})
    assert [(row["id"], row["forloeb_nr"]) for row in courses] == sorted(
        {(row["id"], row["forloeb_nr"]) for row in courses}
    )
    assert [(row["id"], row["haendelse_nummer"]) for row in events] == sorted(
        {(row["id"], row["haendelse_nummer"]) for row in events}
    )
    with reading(engine) as connection:
        stands = ~(haendelse.c.annullering | haendelse.c.annulleret | haendelse.c.gentaget | haendelse.c.udgaaet)
        period = haendelse.c.haendelse_dato.between(date(2025, 1, 1), date(2026, 9, 15))
        stored = {row.nummer: row for row in connection.execute(select(haendelse).where(stands, period))}
    assert {row["haendelse_nummer"] for row in events} == stored.keys()
    for row in events:
        event = stored[row["haendelse_nummer"]]
        assert (row["dato"], row["status"], row["system"]) == (
            event.haendelse_dato.isoformat(), str(event.status or ""), event.system_id or ""
        )  # fmt: skip
        delay = (date.fromisoformat(row["registreret"]) - event.haendelse_dato).days
        assert row["forsinkelse_dage"] == str(delay)
    kinds = {"grundskole", "gymnasial", "eud", "fgu"}
    assert kinds <= {row["art"] for row in courses}
    # U, found again in the courses: a plain second reading of docs/spec/figures.md.
    education = {"IndberetningUngdomsuddannelse", "IndberetningForberedendeGrundUddannelse",
                 "IndberetningForberedendeAktivitet", "IndberetningVideregaaendeUddannelse"}  # fmt: skip
    of_kommune = {"uddannelse", "forberedende", "grundskole"}
    in_u = {
        row["id"]
        for row in courses
        if row["dato_optag"] and not row["slutdato"] and row["art"] != "optagelsesproeve"
        and (row["service"] in education or row["art"] in of_kommune or row["kode"] in {"K53", "K58"})
    }  # fmt: skip
    assert {row["id"] for row in youths if row["U"] == "1"} == in_u
    for row in youths:
        assert int(row["restgruppe"]) == (row["i_P"] == "1" and not any(int(row[name]) for name in ("F", "U", "B18")))
        assert not row["kui"] or (row["i_P"] == "1" and not any(int(row[name]) for name in ("F", "G", "Uu", "B20")))
    kommune = max(row["kommunekode"] for row in youths)
    one = extract("b", "--from", "2025-01-01", "--kommune", kommune, day="2026-09-15")
    own = {row["id"] for row in youths if row["kommunekode"] == kommune}
    for name in OF_YOUTHS:
        assert table(one, name) == [row for row in table(folder, name) if row["id"] in own]
    assert {answer["svar"] for answer in manifest(one)["kontrol"].values()} == {"ok"}
    code, out, said = udb("statistics", "extract", "--date", "2026-10-01", "--out", str(folder.parent / "c"))
    assert (code, out) == (1, "")
    assert said == "eIndkomst of 2026-10 is not delivered; the last one is 2026-09. To use that: --provisional\n"
    assert not (folder.parent / "c").exists()


def test_a_cancelled_report_is_nowhere_and_a_new_number_keeps_the_id(world, endpoint, extract):
    for cprnr in (ANNA, BO, CAJA):
        world.person(cprnr)
    gone = optag(endpoint, ANNA, 10)
    accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": ANNA, "Annullering": True, "HaendelseNummer": gone,
                                                 "HaendelseDato": "2026-08-10T00:00:00"}))  # fmt: skip
    first = optag(endpoint, ANNA, 10, InstitutionNummer=GYMNASIUM, Uddannelse={"COsAFormaal": "3009",
                                                                              "COsAFormaalVersion": 1})  # fmt: skip
    optag(endpoint, BO, 11)
    own = pseudonym(world.engine, ANNA)
    before = extract("a", "--provisional")
    assert {row["haendelse_nummer"] for row in table(before, "haendelser") if row["id"] == own} == {first}
    assert gone.removeprefix("UDB-").encode() not in whole(before)
    world.change_number(ANNA, NEW)
    world.clock("2026-08-21T08:00:00")
    again = optag(endpoint, NEW, 10, Uddannelse={"COsAFormaal": "3009", "COsAFormaalVersion": 1})
    after = extract("b", "--provisional")
    assert pseudonym(world.engine, NEW) == own
    assert {row["haendelse_nummer"] for row in table(after, "haendelser") if row["id"] == own} == {again}
    (course,) = [row for row in table(after, "forloeb") if row["id"] == own]
    assert (course["art"], course["dato_optag"], course["antal_haendelser"]) == ("gymnasial", "2026-08-10", "1")
    outside = re.sub(rb"\d{23}", b"", whole(after))
    assert not any(cprnr.encode() in outside for cprnr in (ANNA, NEW))
    # Two persons who become one have the id of the one who stays.
    world.change_number(BO, NEW)
    merged = extract("c", "--provisional")
    held = pseudonym(world.engine, NEW)
    assert {row["id"] for row in table(merged, "haendelser")} == {held}
    assert len(table(merged, "unge")) == 2


def test_every_youth_in_it_finds_it_in_the_log(world, endpoint, udb, extract):
    """F005: STIL receives data for statistics, and each youth can see that."""
    for cprnr in (ANNA, BO):
        world.person(cprnr)
    world.person(CAJA, status="80", kommune=None)
    number = optag(endpoint, ANNA, 10)
    extract("a", "--provisional")
    for cprnr, times in ((ANNA, 1), (BO, 1), (CAJA, 0)):
        rows = [row for row in json.loads(udb("log", "youth", cprnr, "--json")[1]) if row["operation"] == "udtraek"]
        assert len(rows) == times, "a youth with nothing to show is not in it"
        assert all((row["formaal"], row["klausul"]) == ("statistik", "drift") for row in rows)
        assert all(row["fra_nummer"] == row["til_nummer"] == number for row in rows)
    with reading(world.engine) as connection:
        count = connection.execute(select(func.count()).where(read_log.c.operation == "udtraek")).scalar_one()
    assert count == 1, "one row for a batch"
    assert udb("log", "verify")[0] == 0


def test_what_is_refused_says_why_and_leaves_nothing(world, endpoint, udb, monkeypatch, tmp_path):
    def refused(*options, day=DAY, folder="ud"):
        code, out, said = udb("statistics", "extract", "--date", day, "--out", str(tmp_path / folder), *options)
        assert out == ""
        return code, said.strip()

    world.person(ANNA)
    optag(endpoint, ANNA, 10)
    assert refused()[0] == 2
    assert "set UDB_UDTRAEK_NOEGLE_ID" in refused()[1]
    monkeypatch.setenv("UDB_UDTRAEK_NOEGLE_A", "kort")
    assert refused() == (2, "UDB_UDTRAEK_NOEGLE_A is not 32 bytes in hexadecimal; make one with: openssl rand -hex 32")
    monkeypatch.setenv("UDB_UDTRAEK_NOEGLE_A", SECRET)
    monkeypatch.setenv("UDB_UDTRAEK_NOEGLE_B", "00" * 32)
    assert refused() == (2, "Say with --key which key: A, B.")
    assert refused("--key", "C")[0] == 2
    options = ("--key", "A", "--provisional")
    assert refused("--key", "A") == (
        1, "eIndkomst of 2026-08 is not delivered; none before it is either. To use that: --provisional"
    )  # fmt: skip
    assert refused(*options, day="2026-08-11") == (1, "2026-08-11 is in the future: today is 2026-08-10.")
    assert refused(*options, "--from", "2026-08-21") == (2, "--from is after --date: 2026-08-21, 2026-08-10.")
    assert refused(*options, "--format", "parquet") == (2, "--format is one of: csv, csv.gz.")
    code, said = refused(*options, "--with-cpr")
    assert (code, "UDB_UDTRAEK_CPR does not name that user" in said) == (2, True)
    assert refused(*options, "--kommune", "999") == (
        2, "There is no kommune 999 among the institutions."
    )  # fmt: skip
    assert not (tmp_path / "ud").exists()
    (tmp_path / "ud").mkdir()
    (tmp_path / "ud" / "mine.txt").write_text("x")
    assert refused(*options) == (1, f"There is something in {tmp_path / 'ud'}: name a new or an empty folder.")
    assert [path.name for path in (tmp_path / "ud").iterdir()] == ["mine.txt"]
    assert refused(*options, folder="ud/mine.txt")[0] == 2

    with full_disk(monkeypatch, after=2000):
        code, said = refused(*options, folder="fuld")
    assert (code, "No space left on device. What was written is removed." in said) == (1, True)
    assert list((tmp_path / "fuld").iterdir()) == []
    with reading(world.engine) as connection:
        assert connection.execute(select(func.count()).where(read_log.c.operation == "udtraek")).scalar_one() == 1
    assert udb("statistics", "extract", "--date", DAY, "--out", str(tmp_path / "fuld"), *options)[0] == 0


@contextmanager
def full_disk(monkeypatch, after):
    """Let the disk be full when an extract has written so many bytes."""
    left = [after]

    class Full:
        def __init__(self, file):
            self.file = file

        def __getattr__(self, name):
            return getattr(self.file, name)

        def write(self, data):
            left[0] -= len(data)
            if left[0] < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return self.file.write(data)

    with monkeypatch.context() as patch:
        opened = os.fdopen
        patch.setattr(extract_files.os, "fdopen", lambda *of, **more: Full(opened(*of, **more)))
        yield


KILLED = """
import os, signal, sys
from udb import cli
from udb.statistics.extract import files, run, scratch
scratch.BATCH = 4
write, batches = files.File.add, [0]
def add(self, rows):
    write(self, rows)
    self._disk.file.flush()
    batches[0] += self.path.name.startswith("unge")
    if batches[0] == 3:
        os.kill(os.getpid(), signal.{signal})
files.File.add = add
sys.argv = ["udb", "statistics", "extract", *sys.argv[1:]]
cli.main()
"""


@pytest.mark.usefixtures("hears_signals")
@pytest.mark.built_by(build=seed)
def test_a_killed_run_is_no_extract_and_all_that_it_wrote_is_in_the_log(engine, database_url, tmp_path):
    environment = os.environ | {
        "UDB_DATABASE_URL": database_url, "UDB_DATA": str(tmp_path), "UDB_UDTRAEK_NOEGLE_2026": SECRET
    }  # fmt: skip
    for signal, code, left in (
        ("SIGKILL", -9, True),
        ("SIGINT", 130, False),
        ("SIGTERM", 130, False),
        ("SIGHUP", 130, False),
    ):
        folder = tmp_path / signal
        command = (sys.executable, "-c", KILLED.replace("{signal}", signal))
        options = ("--date", "2026-09-15", "--out", str(folder))
        done = subprocess.run([*command, *options], check=False, env=environment, capture_output=True, timeout=60)
        assert done.returncode == code, done.stderr
        assert not (folder / "manifest.json").exists()
        assert (folder / "unge.csv").exists() == left, "an interrupted run takes away what it wrote"
    rows = table(tmp_path / "SIGKILL", "unge")
    assert len(rows) == 3 * 4
    of = Key("2026", bytes.fromhex(SECRET)).pseudonym
    with reading(engine) as connection:
        logged = select(read_log_person.c.person_id).where(
            read_log_person.c.row_id.in_(select(read_log.c.id).where(read_log.c.operation == "udtraek"))
        )
        assert {row["id"] for row in rows} <= {of(number) for number in connection.execute(logged).scalars()}


@pytest.mark.large
def test_writers_beside_it_change_nothing_of_it(world, context, extract, monkeypatch):
    count = size(small=60, large=1000)
    numbers = [f"710307{number + 4000}" for number in range(count)]
    for cprnr in numbers:
        world.person(cprnr)
    app = application(context, {})
    waiting = [
        written(UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE,
                {**UNGDOM, "CPRNr": cprnr, "HaendelseDato": f"2026-08-{day:02}T00:00:00",
                 "Uddannelse": {"COsAFormaal": formaal, "COsAFormaalVersion": 1}}, str(uuid4()))
        for day, formaal in ((10, "3009"), (9, "3014"), (8, "9101"))
        for cprnr in numbers
    ]  # fmt: skip
    soap = {"Authorization": basic(), "Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
    url = f"http://{HOST}{SERVICES[UNGDOMSUDDANNELSE].path}"

    def send(message):
        return request(app, "POST", url, message, soap).status

    assert {send(message) for message in waiting[:count]} == {200}
    monkeypatch.setattr(scratch, "BATCH", 3)
    over, sent = threading.Event(), []

    def report(mine):
        for message in mine:
            if over.is_set():
                return
            sent.append(send(message))

    rest = waiting[count:]
    with ThreadPoolExecutor(4) as pool:
        for writer in range(4):
            pool.submit(report, rest[writer::4])
        folder = extract("a", "--provisional")
        over.set()
    assert set(sent) == {200}
    number = manifest(folder)["oejebliksbillede"]
    with reading(world.engine) as connection:
        stored = connection.execute(select(haendelse.c.nummer)).scalars().all()
    found = [row["haendelse_nummer"] for row in table(folder, "haendelser")]
    assert len(stored) > len(found), "there were reports while it was made"
    assert sorted(found) == sorted(nummer for nummer in stored if nummer <= number)
    assert {answer["svar"] for name, answer in manifest(folder)["kontrol"].items() if name != "maaneder"} == {"ok"}


def test_what_came_late_is_counted_by_compare(world, endpoint, udb, extract, tmp_path, monkeypatch):
    for cprnr, kommune in ((ANNA, "101"), (BO, "101"), (CAJA, "751")):
        world.person(cprnr, kommune=kommune)
    optag(endpoint, ANNA, 10)
    gone = optag(endpoint, BO, 10)
    before = extract("a", "--provisional", "--format", "csv.gz")
    world.clock("2026-09-01T08:00:00")
    optag(endpoint, CAJA, 10)
    accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": BO, "Annullering": True, "HaendelseNummer": gone,
                                                 "HaendelseDato": "2026-08-10T00:00:00"}))  # fmt: skip
    after = extract("b", "--provisional")
    code, out, said = udb("statistics", "compare", str(before), str(after), "--json")
    assert (code, said) == (0, "")
    assert [tuple(row.values()) for row in json.loads(out)] == [
        ("forloeb", "101", "", 0, 1, 0),
        ("forloeb", "751", "", 1, 0, 0),
        ("haendelser", "101", "2026-08", 0, 1, 0),
        ("haendelser", "751", "2026-09", 1, 0, 0),
        ("unge", "101", "", 0, 0, 1),
        ("unge", "751", "", 0, 0, 1),
    ]
    assert json.loads(udb("statistics", "compare", str(before), str(before), "--json")[1]) == []
    code, _, said = udb("statistics", "compare", str(before), str(extract("c", "--provisional", day="2026-08-11")))
    assert (code, said) == (1, "They cannot be compared: they differ in dag.\n")
    monkeypatch.setenv("UDB_UDTRAEK_NOEGLE_2026", "00" * 32)
    other = extract("d", "--provisional")
    assert udb("statistics", "compare", str(before), str(other))[0] == 1
    assert udb("statistics", "compare", str(before), str(tmp_path))[0] == 2
    with (after / "unge.csv").open("a") as file:
        file.write("x\n")
    code, _, said = udb("statistics", "compare", str(before), str(after))
    assert (code, "SHA-256 is another" in said) == (2, True)


def test_from_afbrud_to_contact(world, endpoint, extract):
    young = "1108105101"
    cprnr = f"{int(young[:2]) + 60}{young[2:]}"
    world.person(cprnr)
    optag(endpoint, cprnr, 3, HaendelseDato="2026-08-03T00:00:00")
    end = {**UNGDOM, "CPRNr": cprnr, "Status": 2, "AfbrudsarsagsKode": "9", "HaendelseDato": "2026-08-10T00:00:00"}
    left = accepted(endpoint.report(UNGDOMSUDDANNELSE, end))["HaendelseNummer"]

    def row(name):
        (found,) = table(extract(name, "--provisional", day=world.today().isoformat()), "kontakttid")
        assert (found.pop("id"), found.pop("haendelse_nummer")) == (pseudonym(world.engine, cprnr), left)
        return tuple(found.values())

    assert row("a") == ("2026-08-10", "2026-08-10", "registreret", "2026-08-17", "", "", "", "ikke_hentet")
    world.clock("2026-08-12T08:00:00")
    endpoint.fetch(OTHER_KOMMUNE)
    assert row("b")[-1] == "ikke_hentet", "another kommune's fetch is none of the home kommune's"
    endpoint.fetch(KOMMUNE)
    assert row("c") == ("2026-08-10", "2026-08-12", "hentet", "2026-08-19", "", "", "", "aaben")
    world.clock("2026-08-20T08:00:00")
    assert row("d")[-1] == "overskredet"
    for kind, day in (("Kontakttid", 19), ("Tilbudstid", 20)):
        accepted(endpoint.report(KONTAKT_TILBUDSTID, {
            "CPRNr": cprnr, "InstitutionNummer": KOMMUNE, "HaendelseDato": f"2026-08-{day}T10:00:00",
            "KildeLeverandoer": "KMD", "Type": kind, "AfbrudHaendelseNummer": left, "Annullering": False}))  # fmt: skip
    assert row("e") == (
        "2026-08-10", "2026-08-12", "hentet", "2026-08-19", "2026-08-19", "2026-09-18", "2026-08-20", "i_tide"
    )  # fmt: skip


def test_when_a_kommune_learned_of_an_afbrud(world, extract):
    """As the monthly figure says it, of the same youths."""
    for nummer, kommune in known_afbrud.KOMMUNER.items():
        world.institution(nummer, type3="KOM", kommune=kommune)
    # Without a known home no kommune owes anything, and the file has no row.
    cases = {name: case for name, case in known_afbrud.CASES.items() if case[0].kommune is not None}
    ids = figure_youths.store(world.engine, [told for told, _ in cases.values()])
    found = table(extract("a", "--provisional", day=known_afbrud.DAY.isoformat()), "kontakttid")
    key = Key("2026", bytes.fromhex(SECRET))
    for number, (name, (_, expected)) in zip(ids, cases.items(), strict=True):
        assert Counter(row["udfald"] for row in found if row["id"] == key.pseudonym(number)) == expected, name


def test_it_reads_the_standby_and_logs_on_the_primary(world, endpoint, extract, database_url, monkeypatch):
    world.person(ANNA)
    optag(endpoint, ANNA, 10)
    with hosts.before(database_url) as (primary,), hosts.copied(database_url, follows=True) as socket:
        optag(endpoint, ANNA, 9, Uddannelse={"COsAFormaal": "3009", "COsAFormaalVersion": 1})
        with hosts.host(socket) as follower:
            monkeypatch.setenv("UDB_READ_DATABASE_URL", hosts.url_of(database_url, follower, primary))
            monkeypatch.setenv("UDB_READ_LAG", "0")
            read = []
            monkeypatch.setattr("udb.statistics.extract.moment.state.now", _noting(read))
            folder = extract("a", "--provisional")
    assert read == [True], "the snapshot is the standby's"
    assert len(table(folder, "haendelser")) == 2
    with reading(world.engine) as connection:
        assert connection.execute(select(func.count()).where(read_log.c.operation == "udtraek")).scalar_one() == 1


def _noting(read):
    from sqlalchemy import text

    from udb.store import state

    now = state.now

    def noted(connection):
        read.append(connection.execute(text("SELECT pg_is_in_recovery()")).scalar_one())
        return now(connection)

    return noted


def test_a_delivered_month_is_needed_and_named(world, extract):
    with writing(world.engine) as connection:
        connection.execute(indkomstmaaned.insert().values(maaned=date(2026, 8, 31), leveret=date(2026, 9, 7)))
    world.clock("2026-09-10T08:00:00")
    assert manifest(extract("a", day="2026-08-20"))["indstillinger"]["beskaeftigelse_maaned"] == "2026-08"


FLAGS = (
    # P F U B18 restgruppe, and the group of the target group: the table of docs/spec/figures.md.
    "1 0 1 0 0", "1 1 0 0 0", "1 0 1 0 0", "1 0 0 1 0 deltid", "1 0 0 0 1 deltid", "1 0 0 1 0 deltid", "1 0 0 1 0",
    "1 0 0 0 1 deltid", "1 0 1 0 0 forberedende", "1 0 0 0 1 fritaget", "0 0 0 0 0", "0 0 0 0 0", "1 0 0 0 1 uden",
    "1 0 0 0 1 uden", "1 0 1 0 0", "1 0 0 1 0",
)  # fmt: skip
NEET = {2, 4, 5, 6, 7, 8, 10, 14}


def test_the_sixteen_have_the_flags_of_the_table_and_the_page_is_found_again(world, extract, udb, capsys, monkeypatch):
    world.clock("2026-12-15T08:00:00")
    figure_youths.deliver(world.engine, OCTOBER, NOVEMBER)
    figure_youths.store(world.engine, GOLDEN)
    with writing(world.engine) as connection:
        # Of the fourth: 10,118.92 kr. of 20,800.
        months = {"fra": OCTOBER, "til": date.max, "status": 1, "grad": 48, "social_ydelse": False, "tyve_timer": False}
        connection.execute(indkomstserie.insert().values(person_id=4, **months))
    of = {Key("2026", bytes.fromhex(SECRET)).pseudonym(number): number for number in range(1, 17)}
    folder = extract("a", day=FIRST_OF_OCTOBER.isoformat())
    flags = {
        of[row["id"]]: " ".join(row[name] for name in ("i_P", "F", "U", "B18", "restgruppe", "kui")).strip()
        for row in table(folder, "unge")
    }
    assert 11 not in flags, "a youth outside P with nothing to show"
    assert flags == {number: row for number, row in enumerate(FLAGS, 1) if number in flags}
    assert flags.keys() >= {*range(1, 11), *range(13, 17)}
    assert {row["neet_dst"] for row in table(folder, "unge")} == {""}
    (month,) = table(folder, "beskaeftigelse")
    assert (month["maaned"], month["grad_hundrededele"], month["atten_timer"], month["tyve_timer"]) == (
        "2026-10", "4864", "1", "0"
    )  # fmt: skip
    marks = Counter(row["maerke"] for row in table(folder, "opmaerkninger"))
    assert marks == {"taeller_med": 4, "afsluttet_foer": 3, "endnu_ikke": 1, "ikke_uddannelse": 2}
    november = extract("b", day=NOVEMBER.isoformat())
    assert {of[row["id"]] for row in table(november, "unge") if row["neet_dst"] == "1"} == NEET

    assert udb("statistics", "run", "--month", "2026-10")[0] == 0
    with reading(world.engine) as connection:
        run = frozen.published(connection, "restgruppe", FIRST_OF_OCTOBER)
        totals = frozen.figures(connection, run, kommuner=["851"], totals_only=True)
    page = {one.maal: one.antal for one in totals}
    (query,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs/spec/extract.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert len([line for line in query.splitlines() if line]) <= 10
    capsys.readouterr()
    monkeypatch.chdir(folder.parent)
    folder.rename("udtraek-2026-10")
    exec(compile(query, "docs/spec/extract.md", "exec"), {})
    share = 100 * page["restgruppe"] / page["P"]
    assert capsys.readouterr().out == f"851 {page['restgruppe']} {share:.1f} %\n" == "851 5 35.7 %\n"
