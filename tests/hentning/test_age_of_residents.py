"""Ages on the days around a birthday on 29 February: what a list shows, and what it is filtered by."""

from datetime import date, timedelta

from sqlalchemy import select

from udb.domain.clock import add_years
from udb.hentning.kommune.residents import OLDEST, YOUNGEST, _is_at_least
from udb.portal.youths.names import age
from udb.store.engine import reading
from udb.store.tables import person

BORN = (date(2008, 2, 28), date(2008, 2, 29), date(2008, 3, 1), date(2007, 2, 28), date(2007, 3, 1), date(2004, 2, 29))


def test_page_and_filter_say_the_age_of_the_calendar(world):
    born = {f"{day.day + 60:02}{day:%m%y}410{number}": day for number, day in enumerate(BORN)}
    for cprnr in born:
        world.person(cprnr)
    days = [date(year, 2, 27) + timedelta(days=more) for year in (2024, 2025, 2028, 2032) for more in range(4)]
    with reading(world.engine) as connection:
        turns_15 = dict(connection.execute(select(person.c.cprnr, person.c.turns_15)).all())
        for today in days:
            real = {
                cprnr: max(n for n in range(OLDEST + 1) if add_years(day, n) <= today) for cprnr, day in born.items()
            }
            assert {cprnr: age(cprnr, turns_15[cprnr], today) for cprnr in born} == real, today
            for years in range(YOUNGEST, OLDEST + 2):
                old_enough = connection.execute(select(person.c.cprnr).where(_is_at_least(years, today))).scalars()
                assert set(old_enough) == {cprnr for cprnr, found in real.items() if found >= years}, (today, years)
