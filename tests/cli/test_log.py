"""udb log, udb access explain, udb deliveries, as a user runs them."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tests.support.read_log import add, seal_at, tampering
from tests.support.reports import ANNA, BO, CAJA, UNGDOM, optag
from tests.support.world import KOMMUNE, OTHER_KOMMUNE, SYSTEM
from udb.domain.clock import danish, system_time, system_today
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.readlog import lookup
from udb.retention.read_log import keeps_from
from udb.sandbox import mark
from udb.store import state
from udb.store.engine import reading, writing
from udb.store.tables import haendelse, read_log

NEW = "7103075900"


def listed(udb, *arguments):
    code, out, said = udb(*arguments, "--json")
    assert code == 0, said
    return json.loads(out)


def test_who_was_given_a_youths_data(world, endpoint, udb):
    world.person(ANNA)
    world.person(BO)
    sent = optag(endpoint, ANNA, 10)
    optag(endpoint, BO, 11)
    endpoint.fetch(KOMMUNE)
    endpoint.fetch(KOMMUNE, CPRNr=ANNA)
    endpoint.fetch(KOMMUNE, CPRNr=BO)
    endpoint.fetch(OTHER_KOMMUNE, CPRNr=ANNA)
    rows = listed(udb, "log", "youth", ANNA)
    assert [(row["operation"], row["institution_nummer"], row["system_id"], row["klausul"]) for row in rows[:3]] == [
        ("IndberetningUngdomsuddannelse", "461248", SYSTEM, "accepteret"),
        ("HentHaendelser", KOMMUNE, SYSTEM, "A1"),
        ("HentHaendelser", KOMMUNE, SYSTEM, "A1"),
    ]
    assert rows[1]["fra_nummer"] == sent < rows[1]["til_nummer"], "the range of the whole answer"
    assert (rows[2]["fra_nummer"], rows[2]["til_nummer"]) == (sent, sent)
    assert all(len(row["correlation_id"]) == 36 for row in rows)
    code, out, _ = udb("log", "youth", ANNA)
    assert code == 0
    assert rows[2]["correlation_id"] in out
    assert ANNA not in out


def test_who_looks_at_the_log_is_in_it(world, udb):
    world.person(ANNA)
    (first,) = listed(udb, "log", "youth", ANNA)
    assert (first["operation"], first["klausul"]) == ("udb log youth", "drift")
    assert first["system_id"].startswith("udb:")
    assert listed(udb, "access", "explain", ANNA, "--kommune", "101")["haendelser"] == []
    assert [row["operation"] for row in listed(udb, "log", "youth", ANNA)][1:] == [
        "udb access explain",
        "udb log youth",
    ]


def test_who_of_a_kommune_looked_is_listed_without_naming_a_youth(world, endpoint, udb):
    world.person(ANNA)
    optag(endpoint, ANNA, 10)
    endpoint.fetch(KOMMUNE, CPRNr=ANNA)
    endpoint.fetch(OTHER_KOMMUNE, CPRNr=ANNA)
    today = system_today()
    days = ("--from", str(today), "--to", str(today))
    rows = listed(udb, "log", "institution", KOMMUNE, *days)
    assert [(row["operation"], row["klausul"], row["antal"]) for row in rows] == [
        ("udb log institution", None, 0),
        ("HentHaendelser", "A1", 1),
    ]
    assert all("unge" not in row for row in rows)
    before = ("--from", str(today - timedelta(days=9)), "--to", str(today - timedelta(days=2)))
    assert listed(udb, "log", "institution", KOMMUNE, *before) == []
    assert udb("log", "institution", "999999", *days)[0] == 2
    assert udb("log", "institution", KOMMUNE, "--from", str(today), "--to", "2020-01-01")[0] == 2


OTHER = 4_000_000_001
"""A user without a name."""


@pytest.mark.parametrize(
    ("process", "login", "named"),
    [
        (0, None, "udb:root"),
        (0, "0", "udb:root"),
        (0, "4294967295", "udb:root"),
        (0, str(OTHER), f"udb:root, login {OTHER}"),
        (OTHER, "0", f"udb:{OTHER}, login root"),
        (OTHER, "x", f"udb:{OTHER}"),
    ],
)
def test_the_operator_is_named_by_the_kernel_and_by_no_variable(
    world, udb, monkeypatch, tmp_path, process, login, named
):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "SUDO_USER", "SUDO_UID"):
        monkeypatch.setenv(name, "minister")
    monkeypatch.setattr("os.geteuid", lambda: process)
    file = tmp_path / "loginuid"
    monkeypatch.setattr(lookup, "LOGIN_ID", file)
    if login is not None:
        file.write_text(login)
    world.person(ANNA)
    assert [row["system_id"] for row in listed(udb, "log", "youth", ANNA)] == [named]


def test_a_backup_is_in_the_log_of_every_youth(world, udb, engine, tmp_path):
    for cprnr in (ANNA, BO):
        world.person(cprnr)
    assert udb("backup", str(tmp_path / "1.zip"))[0] == 0
    for cprnr in (ANNA, BO):
        (row, _) = listed(udb, "log", "youth", cprnr)
        assert (row["operation"], row["klausul"]) == ("udb backup", "drift")
    with zipfile.ZipFile(tmp_path / "1.zip") as written:
        assert b'"udb backup"' in written.read("read_log.jsonl"), "what is restored knows it too"
    with writing(engine) as connection:
        connection.execute(text(refusing(engine)))
    assert udb("backup", str(tmp_path / "2.zip"))[0] != 0
    assert sorted(file.name for file in tmp_path.glob("*.zip*")) == ["1.zip"], "no row, no backup"


def refusing(engine):
    """Return a statement after which the database takes no row of the log."""
    if engine.dialect.name == "postgresql":
        return "ALTER TABLE read_log ADD CHECK (id < 0) NOT VALID"
    return "CREATE TRIGGER full BEFORE INSERT ON read_log BEGIN SELECT RAISE(ABORT, 'full'); END"


@pytest.mark.usefixtures("world")
def test_a_stranger_is_refused_and_that_is_logged(engine, udb):
    for arguments in (("log", "youth", ANNA), ("access", "explain", ANNA, "--kommune", "101")):
        code, out, said = udb(*arguments)
        assert (code, out) == (2, "")
        assert ANNA not in said
    with reading(engine) as connection:
        assert connection.execute(select(read_log.c.personer, read_log.c.klausul)).all() == [([], None)] * 2


def test_a_change_of_number_and_a_merger_lose_nothing_and_mix_nobody_up(world, endpoint, udb):
    world.person(ANNA)
    bo = world.person(BO)
    for cprnr in (ANNA, BO):
        endpoint.fetch(KOMMUNE, CPRNr=cprnr)
    before = {cprnr: {row["id"] for row in listed(udb, "log", "youth", cprnr)} for cprnr in (ANNA, BO)}
    world.change_number(ANNA, BO)
    world.change_number(BO, NEW)
    assert world.person(CAJA) != bo, "no id is used again"
    endpoint.fetch(KOMMUNE, CPRNr=NEW)
    for cprnr in (ANNA, BO, NEW):
        assert before[ANNA] | before[BO] <= {row["id"] for row in listed(udb, "log", "youth", cprnr)}
    assert [row["operation"] for row in listed(udb, "log", "youth", CAJA)] == ["udb log youth"]


def test_persons_that_became_one_twice_over(world, endpoint, udb):
    for cprnr in (CAJA, BO, ANNA):
        world.person(cprnr)
        endpoint.fetch(KOMMUNE, CPRNr=cprnr)
    world.change_number(BO, ANNA)
    world.change_number(CAJA, BO)
    rows = [row for row in listed(udb, "log", "youth", ANNA) if row["operation"] == "HentHaendelser"]
    assert len(rows) == 3


def test_sealing_verifying_and_retention(engine, udb):
    old = keeps_from(system_time(), 6)
    add(engine, 1, 2, tid=old)
    assert seal_at(engine, old) == 1
    assert udb("clock", "accept")[0] == 0, "nothing was done for years"
    add(engine, 3)
    assert udb("log", "seal") == (0, "1 new block.\n", "")
    code, out, _ = udb("log", "verify")
    kept = out.strip().splitlines()[-1].split()[-2:]
    assert (code, kept[0]) == (0, "2")
    assert "2 blocks with 3 rows" in out
    assert udb("log", "verify", "--from", *kept)[0] == 0
    assert "2 rows of 1 block." in udb("log", "retention")[1]
    assert listed(udb, "log", "verify", "--from", *kept)["removed"] == {"5": 1}
    with tampering(engine) as connection:
        connection.execute(text("UPDATE read_log SET system_id = 'en anden' WHERE id = 3"))
    code, out, said = udb("log", "verify")
    assert (code, said) == (1, "Row 3 of block 2 was changed.\n")
    code, out, _ = udb("log", "verify", "--json", "--from", "2", "0")
    assert code == 1
    assert json.loads(out)["faults"] == [
        "Row 3 of block 2 was changed.",
        "Block 2 is not the one whose hash was kept.",
    ]


def test_the_anchor_beside_the_sealing(engine, udb, monkeypatch, tmp_path):
    assert udb("log", "verify", "--anchor")[0] == 2
    file = tmp_path / "anker.jsonl"
    monkeypatch.setenv("UDB_LAESELOG_ANKER", str(file))
    add(engine, 1)
    code, out, said = udb("log", "seal")
    assert (code, out) == (0, "1 new block.\n"), "what cannot be anchored is sealed"
    assert said.startswith(f"Not anchored: The anchor {file} cannot be used")
    assert udb("log", "verify")[0] == 0
    assert udb("log", "verify", "--anchor")[0] == 3
    file.touch()
    assert udb("log", "seal") == (0, "0 new blocks.\nAnchored: 1 block.\n", "")
    code, out, said = udb("log", "verify", "--anchor")
    assert (code, said) == (0, "")
    assert "1 anchor compared.\n" in out
    file.write_text(file.read_text().replace('"hash": "', '"hash": "f'))
    assert udb("log", "verify", "--anchor")[::2] == (1, "Block 1 is not the one that was anchored.\n")
    assert udb("log", "verify")[0] == 0
    code, _, said = udb("log", "seal")
    assert (code, said) == (1, "Block 1 of the read log is not the one anchored. Run: udb log verify --anchor\n")


def test_retention_names_what_it_left_alone(engine, udb):
    old = keeps_from(system_time(), 6)
    add(engine, 1, tid=old)
    seal_at(engine, old)
    assert udb("clock", "accept")[0] == 0
    with tampering(engine) as connection:
        connection.execute(text("UPDATE read_log SET system_id = 'en anden'"))
    for command in (("log", "retention"), ("retention",)):
        code, out, said = udb(*command)
        assert code == 1
        assert "0 rows" in out
        assert said == "Kept, since they are not what was sealed (udb log verify): block 1.\n"


def test_the_years_are_a_setting(engine, udb, monkeypatch):
    add(engine, 1, tid=keeps_from(system_time(), 3))
    seal_at(engine, keeps_from(system_time(), 3))
    assert udb("clock", "accept")[0] == 0
    assert "0 rows" in udb("log", "retention")[1]
    monkeypatch.setenv("UDB_LAESELOG_AAR", "2")
    assert "1 row of" in udb("log", "retention")[1]
    monkeypatch.setenv("UDB_LAESELOG_AAR", "0")
    assert udb("log", "retention")[0] == 2


def test_why_a_kommune_sees_a_youth(world, endpoint, udb):
    world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    for kommune, sees in ((KOMMUNE, True), ("101", True), (OTHER_KOMMUNE, False)):
        explained = listed(udb, "access", "explain", ANNA, "--kommune", kommune)
        (event,) = explained["haendelser"]
        assert (event["nummer"], event["feed"]["sees"], event["opslag"]["sees"]) == (sent, sees, sees)
        assert explained["opslag"] == {"sees": sees, "clauses": ["A1"]}
    code, out, _ = udb("access", "explain", ANNA, "--kommune", "751")
    assert code == 0
    assert "Not shown, neither in the feed nor in the look-up:" in out
    assert "  The youth does not live in the kommune today. (A1)\n" in out
    assert f"    {sent}  2026-08-10  461248  optag\n" in out
    assert ANNA not in out
    assert udb("access", "explain", ANNA, "--kommune", "999")[0] == 2


def test_why_a_caseworker_does_not_see_a_youth_in_danish(world, endpoint, udb):
    cprnr = "7508015104"
    with writing(world.engine) as connection:
        # A command follows the clock of a sandbox alone.
        state.write(connection, mark.SANDBOX, {})
    world.person(cprnr)
    sent = optag(endpoint, cprnr, 14)
    world.clock("2026-08-15T08:00:00")
    assert udb("access", "explain", cprnr, "--kommune", "101", "--language", "da")[1].splitlines() == [
        f"Kommune {KOMMUNE} (101), i dag 2026-08-15.",
        "Den unge er fyldt 25 år; alt før 2026-08-15 er skærmet (V 5).",
        "Af den unges hændelser (1) ser kommunen 0 i hentningen og 0 i opslag.",
        "Kommunen kan slå den unge op og se kontaktpersoner og ønsker (A8).",
        "  Den unge bor i kommunen i dag. (A1)",
        "",
        "Vises ikke, hverken i hentningen eller i opslag:",
        "  Den unge er fyldt 25 år: hændelser dateret før 25-års-dagen den 2026-08-15 vises ikke. (A4)",
        f"    {sent}  2026-08-14  461248  optag",
    ]


def test_a_cancellation_in_the_feed_but_not_in_the_look_up(world, endpoint, udb):
    world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    cancel = {**UNGDOM, "CPRNr": ANNA, "Annullering": True, "HaendelseNummer": sent}
    cancelled = endpoint.report(UNGDOMSUDDANNELSE, cancel)["HaendelseNummer"]
    said = udb("access", "explain", ANNA, "--kommune", "101", "--language", "da")[1]
    assert said.splitlines()[1] == "Af den unges hændelser (2) ser kommunen 1 i hentningen og 0 i opslag."
    assert said.splitlines()[5:] == [
        "Vises ikke, hverken i hentningen eller i opslag:",
        "  Indberetningen er annulleret, gentaget eller fjernet ved en rettelse. (A7)",
        f"    {sent}  2026-08-10  461248  optag",
        "",
        "Vises i hentningen, men ikke i opslag:",
        "I hentningen:",
        "  Den unge bor i kommunen i dag. (A1)",
        "I opslag:",
        "  Hændelsen er en annullering, og et opslag viser kun det, der gælder. (A7)",
        f"    {cancelled}  2026-08-10  461248  annullering",
    ]


def test_what_a_kommune_saw_on_an_earlier_day(world, endpoint, udb):
    cprnr = "7508015104"
    with writing(world.engine) as connection:
        state.write(connection, mark.SANDBOX, {})
    person = world.person(cprnr)

    def sees(*on):
        explained = listed(udb, "access", "explain", cprnr, "--kommune", "101", *on)
        return {one["nummer"]: (one["feed"]["sees"], one["opslag"]["sees"]) for one in explained["haendelser"]}

    world.clock("2026-08-05T08:00:00")
    first = optag(endpoint, cprnr, 3)
    world.clock("2026-08-06T08:00:00")
    second = optag(endpoint, cprnr, 6, Uddannelse={"COsAFormaal": "3009", "COsAFormaalVersion": 1})
    world.clock("2026-08-07T08:00:00")
    cancel = {**UNGDOM, "CPRNr": cprnr, "Annullering": True, "HaendelseNummer": first}
    cancel["HaendelseDato"] = "2026-08-03T00:00:00"
    cancelling = endpoint.report(UNGDOMSUDDANNELSE, cancel)["HaendelseNummer"]
    world.clock("2026-08-08T08:00:00")
    gennemfoert = {**UNGDOM, "CPRNr": cprnr, "Status": 3, "HaendelseDato": "2026-08-08T00:00:00"}
    third = endpoint.report(UNGDOMSUDDANNELSE, {**gennemfoert, "GennemfoertHf": True})["HaendelseNummer"]
    world.clock("2026-08-20T08:00:00")
    before = stored(world.engine, person)

    assert sees("--on", "2026-08-04") == {}
    assert sees("--on", "2026-08-05") == {first: (True, True)}
    assert sees("--on", "2026-08-06") == {first: (True, True), second: (True, True)}
    # Nothing was fetched, and by number the cancellation comes to those who could see the report.
    assert sees("--on", "2026-08-07") == {first: (False, False), second: (True, True), cancelling: (True, False)}
    # A completed education leaves only its own course in the feed.
    assert sees("--on", "2026-08-08")[second] == (False, True)
    assert sees("--on", "2026-08-08")[third] == (True, True)
    # 25 on 15 August.
    assert {one[0] for one in sees().values()} == {False}
    assert sees("--on", "2026-08-20") == sees()
    assert stored(world.engine, person) == before

    said = udb("access", "explain", cprnr, "--kommune", "101", "--language", "da", "--on", "2026-08-06")[1]
    assert said.splitlines()[:3] == [
        f"Kommune {KOMMUNE} (101), den 2026-08-06.",
        "Hændelser, annulleringer og alder er den dags; adresse, skoler og koder er dagens.",
        "Af den unges hændelser (2) ser kommunen 2 i hentningen og 2 i opslag.",
    ]
    code, _, error = udb("access", "explain", cprnr, "--kommune", "101", "--on", "2026-08-21")
    assert (code, error) == (2, "--on 2026-08-21 is later than today, 2026-08-20.\n")


def stored(engine, person):
    with engine.connect() as connection:
        query = select(haendelse).where(haendelse.c.person_id == person).order_by(haendelse.c.nummer)
        return [tuple(row) for row in connection.execute(query)]


@pytest.mark.parametrize("arguments", [("log", "youth", "-"), ("access", "explain", "-", "--kommune", "101")])
def test_a_cpr_number_from_standard_input(world, udb, monkeypatch, arguments):
    world.person(ANNA)
    for sent, code in ((f"{ANNA}\n", 0), ("123\n", 2), ("", 2)):
        monkeypatch.setattr("sys.stdin", io.StringIO(sent))
        assert udb(*arguments)[0] == code


def test_what_a_kommune_has_fetched(world, endpoint, udb):
    world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    (row,) = [row for row in listed(udb, "deliveries") if row["modtager"] == KOMMUNE]
    assert (row["aeldste_ikke_hentet"], row["venter"], row["seneste_hentning"]) == (sent, 1, None)
    endpoint.fetch(KOMMUNE)
    (row,) = [row for row in listed(udb, "deliveries") if row["modtager"] == KOMMUNE]
    assert (row["position"], row["venter"]) == (sent, 0)
    (event,) = listed(udb, "deliveries", sent)
    assert (event["modtager"], event["system_id"], event["hentet"]) == (KOMMUNE, SYSTEM, row["seneste_hentning"])
    assert sent in udb("deliveries")[1]
    assert (event["hentet_system"], event["givet"]) == (row["seneste_system"], event["hentet"])
    assert udb("deliveries", "UDB-1")[0] == 2
    assert udb("deliveries", "UDB-" + "1" * 23)[0] == 2


def test_a_fetch_is_dated_by_the_clock_that_was_set_and_by_system_time(world, endpoint, udb):
    with writing(world.engine) as connection:
        state.write(connection, mark.SANDBOX, {})
    world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    world.clock("2027-10-31T02:30:00+01:00")
    today = f"{danish(system_time()):%Y-%m-%d}"
    endpoint.fetch(KOMMUNE)
    (event,) = listed(udb, "deliveries", sent)
    assert event["hentet"].startswith("2027-10-31T02:30:")
    assert event["hentet"].endswith("+01:00")
    assert event["hentet_system"][:10] in (today, f"{danish(system_time()):%Y-%m-%d}")
    for arguments in (("deliveries",), ("deliveries", sent)):
        shown = udb(*arguments)[1].replace("\N{NO-BREAK SPACE}", " ")
        assert "2027-10-31 02:30+01:00" in shown
        assert "in system time" in shown
        assert f" {today} " in shown
    assert "fetched 2027-10-31 02:30+01:00" in udb("access", "explain", ANNA, "--kommune", "101")[1]
    (explained,) = listed(udb, "access", "explain", ANNA, "--kommune", "101")["haendelser"]
    assert explained["hentet"] == event["hentet"]


def test_a_role_is_postgresqls(udb):
    code, _, said = udb("migrate", "--role", "findes_ikke")
    assert code == 2
    assert "CREATE ROLE" in said or "no roles" in said


@pytest.mark.parametrize("arguments", [("log", "verify", "--from", "1"), ("log", "verify", "--from", "x", "y")])
def test_wrong_use(udb, arguments):
    assert udb(*arguments)[0] == 2
