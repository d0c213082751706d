"""``udb statistics run``: a month is computed, said in one line, and never in advance."""

import re
from datetime import date

from tests.support.figure_youths import Told, deliver, store


def test_a_month_is_computed_and_the_next_is_refused(udb, world):
    world.clock("2026-11-15T08:00:00")
    ran = udb("statistics", "run")
    assert ran[0] == 0, ran
    assert re.fullmatch(r"2026-11: 0 youths, \d+ rows, foreloebig, no eIndkomst\.\n", ran[1])
    deliver(world.engine, date(2026, 10, 31))
    store(world.engine, [Told(date(2008, 3, 11)), Told(date(2007, 3, 11), koen="M")])
    ran = udb("statistics", "run", "--month", "2026-10")
    assert ran[0] == 0
    assert re.fullmatch(r"2026-10: 2 youths, \d+ rows, endelig, eIndkomst of 2026-10\.\n", ran[1])
    refused = udb("statistics", "run", "--month", "2026-12")
    assert refused == (2, "", "december 2026 has not begun: a month is computed from its first day on.\n")
