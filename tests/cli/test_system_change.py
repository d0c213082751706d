"""udb system-change, as a user runs it."""

import csv
import io
import json

from sqlalchemy import select

from tests.support.reports import CPRNR, UNGDOM, accepted
from tests.support.world import DEPARTMENT, GYMNASIUM, KOMMUNE, SYSTEM
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.store.engine import reading
from udb.store.tables import read_log

CHANGE = ("--old", SYSTEM, "--new", "nyt", "--day", "2026-08-12", "--contact", "it@skole.example")


def test_a_change_is_announced_listed_checked_and_its_numbers_printed(udb, world, endpoint):
    world.system("nyt", "en-noegle-til-afproevning", GYMNASIUM)
    person = world.person(CPRNR)
    number = accepted(endpoint.report(UNGDOMSUDDANNELSE, UNGDOM))["HaendelseNummer"]
    assert udb("system-change", "announce", GYMNASIUM, *CHANGE) == (0, f"Change 1 of {GYMNASIUM} on 2026-08-12\n", "")
    far = udb("system-change", "announce", GYMNASIUM, *CHANGE, "--day", "2020-08-03")
    assert far == (2, "", "2020-08-03 is more than two years ago. Changes of so long ago cannot be announced.\n")
    below = udb("system-change", "announce", DEPARTMENT, *CHANGE)
    assert below == (2, "", f"A change is announced for the main institution: {GYMNASIUM}.\n")
    (row,) = json.loads(udb("system-change", "list", "--json")[1])
    shown = {name: row[name] for name in ("id", "institution_nummer", "gammelt", "nyt", "dag", "lukket")}
    assert shown == {
        "id": 1,
        "institution_nummer": GYMNASIUM,
        "gammelt": SYSTEM,
        "nyt": "nyt",
        "dag": "2026-08-12",
        "lukket": None,
    }
    assert json.loads(udb("system-change", "list", "--institution", KOMMUNE, "--json")[1]) == []
    world.clock("2026-10-01T10:00:00")
    code, out, err = udb("system-change", "check", "1", "--json")
    assert (code, err) == (0, "")
    found = {one["tjek"]: one["fund"] for one in json.loads(out)}
    assert {name: found[name] for name in ("C1", "C3", "C5", "C7", "C8")} == {
        "C1": 0,
        "C3": 1,
        "C5": 1,
        "C7": 0,
        "C8": 0,
    }
    assert CPRNR not in out
    code, out, err = udb("system-change", "numbers", "1")
    assert (code, err) == (0, "")
    (line,) = csv.DictReader(io.StringIO(out), delimiter=";")
    assert (line["CPRNr"], line["HaendelseNummer"], line["DatoOptag"]) == (CPRNR, number, "2026-08-10")
    with reading(world.engine) as connection:
        logged = connection.execute(select(read_log.c.operation, read_log.c.personer).order_by(read_log.c.id.desc()))
        assert logged.first() == ("udb system-change numbers", [person])
    assert udb("system-change", "check", "9") == (2, "", "There is no change 9. See: udb system-change list\n")
