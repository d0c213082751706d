"""Counts of youths on the pages on data quality: exact to the own kommune, to others without what is hidden."""

import csv
import html
import io
import re
from random import Random

import pytest

from tests.support.officer import Officer
from tests.support.quality_counts import KUI_OF, counts_of, keep_all
from tests.support.reporting import Administrator
from tests.support.world import GYMNASIUM, KOMMUNE
from udb.portal.discreet import INTERNAL, WHY_HIDDEN
from udb.portal.roles import Role
from udb.statistics.quality.contact_years import Art, Maal
from udb.statistics.quality.for_others import for_others, refresh_for_others
from udb.statistics.quality.year_tables import is_of_youths
from udb.store.engine import reading

ROOT = "/web/kvalitet"
CONTACTS, MISSING = f"{ROOT}/kontakter/", f"{ROOT}/mangler/"
TO_OTHERS, EXACTLY = "Vis, som andre må se det", "Vis de nøjagtige tal"
KUI = "Kommunens ungeindsats (KUI)"
STALE, LACKING = 4, 6
"""The columns of stale and missing contacts."""


@pytest.fixture
def counted(house, world):
    """Five kommuner, of which two have few stale contacts, and two lack few."""
    world.clock("2026-08-17T10:00:00")
    for kode in KUI_OF.keys() - {"101", "751"}:
        world.institution(f"{kode}000", type3="KOM", kommune=kode)
    kommuner = {kode: counts_of(numbers, Random(1)) for kode, numbers in KUI_OF.items()}
    keep_all(house.engine, kommuner)
    assert refresh_for_others(house.engine)
    return world


@pytest.fixture
def leder(site, house):
    return Officer(site, house.engine, role=Role.LEDER)


@pytest.fixture
def stil(site, house):
    return Administrator(site, house.engine, None, Role.DATAMEDARBEJDER)


def rows_of(page, label="Kontaktpersoner"):
    """Return the cells of a page's table, without its head; a hidden one as it is seen."""
    assert page.status_code == 200, page.text
    found = re.search(rf'aria-label="{label}">\s*<table class="table">(.*?)</table>', page.text, re.DOTALL)
    body = re.sub(r'<span class="sr-only">.*?</span>', "", found[1].split("<tbody>")[1])
    return [
        [
            html.unescape(re.sub(r"<[^>]+>", "", cell)).strip()
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


def lines_of(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))[1:]


def tiles(page):
    return re.findall(r'<p class="udb-large">(.*?)</p>', re.sub(r'<span class="sr-only">.*?</span>', "", page.text))


def kui_of(rows):
    return {row[0]: row for row in rows if row[2] == KUI}


@pytest.mark.usefixtures("counted")
def test_stil_sees_no_small_count_of_a_kommune_and_none_that_a_sum_betrays(stil):
    page = stil.get(MISSING)
    rows = kui_of(rows_of(page))
    assert (rows["101"][STALE], rows["751"][STALE], rows["751"][LACKING]) == ("..", "..", "..")
    assert rows[""][STALE] == "117", "the country's"
    for column in (STALE, LACKING):
        # Two hidden ones would tell each of these kommuner the other's count.
        assert sum(row[column] == ".." for row in rows.values()) >= 3
    assert (rows["101"][STALE + 1], rows["751"][LACKING + 2]) == ("..", ".."), "no share of what is hidden"
    assert INTERNAL not in page.text
    assert WHY_HIDDEN in page.text
    assert TO_OTHERS not in page.text
    for label, file in (("Kontaktpersoner", "kontakter"), ("Forløb", "forloeb")):
        lines = lines_of(stil.get(f"{MISSING}{file}.csv"))
        assert [line[:-1] for line in lines] == rows_of(page, label)
        assert {line[-1] for line in lines} == {f".. er {WHY_HIDDEN}"}
    assert stil.get(f"{MISSING}?diskret=0").data == page.data, "no address shows more"


@pytest.mark.usefixtures("counted")
def test_the_own_kommune_is_exact_with_a_line_until_the_other_view_is_asked_for(leder):
    page = leder.get(MISSING)
    assert kui_of(rows_of(page))["101"][3:8] == ["40", "3", "7,5", "20", "50"]
    assert ".." not in {cell for row in rows_of(page) for cell in row}
    assert INTERNAL in page.text
    assert TO_OTHERS in page.text
    assert {line[-1] for line in lines_of(leder.get(f"{MISSING}kontakter.csv"))} == {INTERNAL}
    assert tiles(leder.get(f"{ROOT}/"))[1:3] == ["3", "20"]
    assert INTERNAL in leder.get(f"{ROOT}/").text

    discreet = leder.get(f"{MISSING}?diskret=1")
    assert kui_of(rows_of(discreet))["101"][STALE] == ".."
    assert INTERNAL not in discreet.text
    assert EXACTLY in discreet.text
    assert "3 med en forældet" not in discreet.text
    lines = lines_of(leder.get(f"{MISSING}kontakter.csv?diskret=1"))
    assert [line[:-1] for line in lines] == rows_of(discreet)
    overview = leder.get(f"{ROOT}/?diskret=1")
    assert tiles(overview)[1] == '<span aria-hidden="true">..</span>'
    assert INTERNAL not in overview.text
    ways_on = re.findall(rf'href="({ROOT}/[^"]*)"', discreet.text)
    assert len(ways_on) > 5
    assert all("diskret=1" in address for address in ways_on)


@pytest.mark.usefixtures("counted")
def test_the_discreet_view_of_a_kommune_is_its_row_of_stils_pages(leder, stil):
    for label in ("Kontaktpersoner", "Forløb"):
        own = [row for row in rows_of(stil.get(MISSING), label) if row[0] == "101"]
        assert rows_of(leder.get(f"{MISSING}?diskret=1"), label) == own
    for art in Art:
        for maal, label in (
            (Maal.REGISTRERET, "Registrerede kontakter"),
            (Maal.UNGE, "Unge med ny kontakt"),
            (Maal.GAELDENDE, "Gældende ved årets udgang"),
        ):
            asked = f"?art={art.value}&maal={maal.value}"
            page = stil.get(f"{CONTACTS}{asked}")
            (own,) = (row for row in rows_of(page, label) if row[0] == "101")
            discreet = leder.get(f"{CONTACTS}{asked}&diskret=1")
            assert rows_of(discreet, label)[0] == own
            lines = lines_of(stil.get(f"{CONTACTS}hent.csv{asked}"))
            if is_of_youths(art, maal):
                assert INTERNAL not in page.text + discreet.text
                assert [line[:-1] for line in lines] == rows_of(page, label)
                assert {line[-1] for line in lines} == {f".. er {WHY_HIDDEN}"}
                assert INTERNAL in leder.get(f"{CONTACTS}{asked}").text
                assert len(rows_of(leder.get(f"{CONTACTS}{asked}"), label)) == 1
            else:
                assert ".." not in {cell for line in lines for cell in line}, "reports are open"


@pytest.mark.usefixtures("counted")
def test_every_page_hides_the_same(house, stil):
    """One number stands on several pages: where one hides it, no other may show it."""
    with reading(house.engine) as connection:
        others = for_others(connection)
    country = kui_of(rows_of(stil.get(MISSING)))[""]
    assert tiles(stil.get(f"{ROOT}/"))[1:3] == [country[STALE], country[LACKING]]
    registered, youths, held = (
        {row[0]: row[2:] for row in rows_of(stil.get(f"{CONTACTS}?art=egen&maal={maal}"), label)}
        for maal, label in (
            ("registreret", "Registrerede kontakter"),
            ("unge", "Unge med ny kontakt"),
            ("gaeldende", "Gældende ved årets udgang"),
        )
    )
    assert registered == youths, "of own contacts a youth has one"
    # What held is the sum of what was registered: the first year's is the same number, and no two of them
    # that follow each other tell the year between.
    for kode, counts in held.items():
        assert counts[0] == registered[kode][0]
        for at in range(1, len(counts)):
            assert registered[kode][at] != ".." or ".." in (counts[at - 1], counts[at])
    assert any(others.skjult.values())


@pytest.mark.usefixtures("counted")
def test_an_institution_has_its_own_courses_exactly_and_no_other_view(site, house):
    admin = Administrator(site, house.engine, GYMNASIUM)
    for address in (MISSING, f"{MISSING}?diskret=1"):
        page = admin.get(address)
        assert INTERNAL in page.text
        assert TO_OTHERS not in page.text
        assert ".." not in {cell for row in rows_of(page, "Forløb") for cell in row}


@pytest.mark.usefixtures("counted")
def test_the_chosen_view_goes_on_through_forms_and_pictures(leder):
    page = leder.get(f"{CONTACTS}?art=egen&maal=unge&diskret=1")
    assert page.text.count('<input type="hidden" name="diskret" value="1">') == 1
    assert "hent.csv?art=egen&amp;maal=unge&amp;diskret=1" in page.text
    assert KOMMUNE in page.text


def test_a_kommune_that_the_register_does_not_know_has_no_row_and_never_the_countrys(leder, counted):
    counted.institution(KOMMUNE, type3="KOM", in_register=False)
    for asked in ("", "?diskret=1"):
        rows = rows_of(leder.get(f"{MISSING}{asked}"))
        assert {cell for row in rows for cell in row[3:] if cell.isdecimal()} == {"0"}
        assert tiles(leder.get(f"{ROOT}/{asked}"))[1:3] == ["0", "0"]
