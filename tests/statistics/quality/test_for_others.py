"""What others see of the counts of youths on data quality: attacked with all that is shown, and one kommune's own."""

from datetime import date
from random import Random

import pytest
from sqlalchemy import Engine, update

from tests.support.attacker import exposed, kommuner
from tests.support.frozen_figures import DAY, run_of
from tests.support.quality_counts import KUI_OF, counts_of, drawn, keep_all
from tests.support.size import size
from udb.domain.clock import midnight
from udb.hentning.kommune.list_job import refresh_lists
from udb.statistics import frozen
from udb.statistics.frozen import Figure
from udb.statistics.quality.contact_years import Art, Maal, contact_years
from udb.statistics.quality.for_others import STALE, Others, for_others, refresh_for_others
from udb.statistics.quality.refresh import refresh_quality
from udb.statistics.quality.year_tables import counts_by_name, of_kind, year_name
from udb.statistics.quality.youth_counts import youth_counts
from udb.statistics.quality.youth_tables import Divided, by_name, name, of_youths
from udb.statistics.suppression import Skjult
from udb.statistics.suppression.table import COUNTRY
from udb.store.engine import reading, writing
from udb.store.tables import person

LIMIT = 5
WORLDS = size(small=3, large=40)


def of_others(engine: Engine) -> Others:
    with reading(engine) as connection:
        found = for_others(connection)
    assert found is not None
    return found


def tables_of(engine: Engine) -> list[Divided]:
    with reading(engine) as connection:
        youths = youth_counts(connection)
        years = {art: contact_years(connection, art) for art in Art}
    assert youths is not None
    found = list(of_youths(youths.kommuner))
    for art, of in years.items():
        assert of is not None
        found += of_kind(art, of, counts_by_name(art, of))
    return found


@pytest.mark.large
@pytest.mark.parametrize("number", range(WORLDS))
def test_no_attacker_computes_a_hidden_count(world, number):
    keep_all(world.engine, drawn(number, Random(number).randint(3, 12)), number)
    assert refresh_for_others(world.engine)
    others = of_others(world.engine)
    hidden = 0
    for one in tables_of(world.engine):
        table = one.table
        signs = {
            (row, *cell): Skjult.PRIMAER
            for row in (*table.rows, COUNTRY)
            for cell, names in one.places.items()
            if others.count(row, names[0]) is None
        }
        small = {
            (row, *cell)
            for row in (*table.rows, COUNTRY)
            for cell in one.places
            if 0 < table.count((row, *cell)) < LIMIT
        }
        assert small <= signs.keys()
        # All names of a cell hide together: no page shows what another hides.
        for names in one.places.values():
            for row in table.rows:
                assert len({others.count(row, navn) is None for navn in names}) == 1
        for who in kommuner(table, signs)[:4]:
            assert exposed(table, signs, LIMIT, knows=who) == set()
        hidden += len(signs) - len(small)
    assert hidden > 0, "others are hidden too, so that no sum betrays the small ones"


def test_a_count_that_is_shown_is_the_true_one(world):
    kept = drawn(7, 9)
    keep_all(world.engine, kept)
    refresh_for_others(world.engine)
    others, shown = of_others(world.engine), 0
    for kode, counts in kept.items():
        for navn, value in by_name(counts).items():
            count = others.count(kode, navn)
            assert count in {None, value}
            shown += count is not None
    assert shown > len(kept)
    assert others.count(COUNTRY, STALE) in {None, sum(one.kontakter[Art.KUI].foraeldede for one in kept.values())}
    assert others.count("999", STALE) == 0


def test_the_counts_of_a_month_are_kept_once_and_compared_with_the_month_before(world):
    world.clock("2026-08-17T10:00:00")
    first = {kode: counts_of(numbers, Random(1)) for kode, numbers in KUI_OF.items()}
    keep_all(world.engine, first)
    assert refresh_for_others(world.engine)
    more = {
        kode: counts_of((held + 20, stale + 7, lacks + 6, of + 9), Random(1))
        for kode, (held, stale, lacks, of) in KUI_OF.items()
    }
    world.clock("2026-08-18T10:00:00")
    keep_all(world.engine, more)
    assert not refresh_for_others(world.engine)
    others = of_others(world.engine)
    assert (others.count(COUNTRY, STALE), others.maaned, others.foer) == (117, "2026-08", {})
    world.clock("2026-09-01T10:00:00")
    assert not refresh_for_others(world.engine), "these are of August"
    keep_all(world.engine, more)
    assert refresh_for_others(world.engine)
    others = of_others(world.engine)
    assert (others.count(COUNTRY, STALE), others.maaned) == (117 + 5 * 7, "2026-09")
    assert others.foer[COUNTRY] == (117, 126)
    assert others.foer["751"][0] is None, "what was hidden in August is not told in September"


def test_both_jobs_end_with_it_whichever_is_the_later(world):
    world.clock("2026-08-17T10:00:00")
    refresh_quality(world.engine)
    with reading(world.engine) as connection:
        assert for_others(connection) is None
    refresh_lists(world.engine)
    assert of_others(world.engine).maaned == "2026-08"


def test_a_target_group_that_another_page_hides_is_hidden_here(world):
    def is_shown() -> bool:
        keep_all(world.engine, {kode: counts_of(numbers, Random(1)) for kode, numbers in KUI_OF.items()})
        assert refresh_for_others(world.engine)
        return of_others(world.engine).count("461", name(Art.KUI, "af")) is not None

    world.clock("2026-08-17T10:00:00")
    assert is_shown()
    signed = [
        Figure(kommunekode=None, maal="i_alt", antal=500),
        Figure(kommunekode="461", maal="i_alt", antal=250, skjult=Skjult.SEKUNDAER),
    ]
    with writing(world.engine) as connection:
        frozen.write(connection, run_of("kui", DAY), signed)
    world.clock("2026-09-17T10:00:00")
    assert not is_shown()


def test_what_holds_now_is_on_one_page_alone(world):
    keep_all(world.engine, drawn(3, 5))
    refresh_for_others(world.engine)
    others = of_others(world.engine)
    for art in Art:
        assert others.count(COUNTRY, year_name(art, Maal.GAELDENDE, 2026)) is None
        assert others.years(art).land.maaneder == {}


def test_an_own_contact_of_new_years_day_did_not_hold_on_new_years_eve(world):
    for cprnr, day in (("7103075101", date(2026, 1, 1)), ("7103075102", date(2025, 6, 1))):
        number = world.person(cprnr)
        own = {"mail": "ung@example.com", "kontakt_registreret": midnight(day)}
        with writing(world.engine) as connection:
            connection.execute(update(person).where(person.c.id == number).values(**own))
    refresh_quality(world.engine)
    with reading(world.engine) as connection:
        found = contact_years(connection, Art.EGEN)
    assert found is not None
    assert found.land.tal[Maal.REGISTRERET] == [1, 1]
    assert found.land.tal[Maal.GAELDENDE] == [1, 2]
