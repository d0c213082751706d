"""The screens of ledelsesinformation: who sees what, and that page, file and frozen figures say the same."""

import csv
import html
import io
import re
from datetime import date
from functools import partial

import pytest
from sqlalchemy import func, select

from tests.support.cost import functions_entered
from tests.support.frozen_figures import DAY, NUMMER, freeze, freeze_months, run_of
from tests.support.grouped import grouped
from tests.support.officer import Officer
from tests.support.reporting import Administrator, agree
from tests.support.world import KOMMUNE, OTHER_KOMMUNE, SYSTEM
from udb.portal.roles import Role
from udb.statistics import frozen
from udb.statistics.frozen import Figure
from udb.statistics.suppression import Skjult
from udb.statistics.system_change.announced import Announcement, announce
from udb.store import state
from udb.store.engine import reading, writing
from udb.store.tables import read_log

START = "/web/ledelse/"
INTERNAL = "Til internt brug: må ikke offentliggøres uden diskretionering"
OWN, OTHER = "101", "751"


@pytest.fixture
def leder(site, house):
    return Officer(site, house.engine, KOMMUNE, Role.LEDER)


@pytest.fixture
def stil(site, house):
    return Administrator(site, house.engine, KOMMUNE, Role.DATAMEDARBEJDER)


def tables(page):
    """Return the page's tables as lists of rows, and a hidden cell as two dots."""
    found = []
    for table in re.findall(r"<table.*?</table>", page.text, re.DOTALL):
        rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
        found.append([[_text(cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows])
    return found


def _text(cell):
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r'<span class="sr-only">.*?</span>', "", cell))).strip()


def files(browser, page):
    """Return the rows of the files that a page links to, without what is said of every row."""
    found = []
    for address in re.findall(r'href="([^"]+\.csv[^"]*)"', page.text):
        answer = browser.get(html.unescape(address))
        assert answer.status_code == 200, address
        assert answer.headers["Content-Type"].startswith("text/csv")
        found.append(list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";")))
    return found


def test_before_the_first_run_there_is_nothing_to_show(leder, stil):
    for browser in (leder, stil):
        for screen in ("", "status/", "maalgruppen/", "frafald/", "kontakt/", "kontaktede/"):
            page = browser.get(f"{START}{screen}")
            assert page.status_code == 200
            assert "Der er endnu ikke beregnet tal" in page.text
            assert INTERNAL not in page.text
        assert browser.get(f"{START}alle-kommuner.csv").status_code == 404
        assert browser.get(f"{START}status/linje.csv").status_code == 404
        assert browser.get(f"{START}findes-ikke/").status_code == 404
        assert browser.get(f"{START}findes-ikke/x.csv").status_code == 404


@pytest.fixture
def counted(house):
    freeze_months(house.engine)
    return house.engine


def of_run(engine, definition, kode, dag=DAY):
    with reading(engine) as connection:
        run = frozen.published(connection, definition, dag)
        return {(one.maal, one.alder, one.koen): one for one in frozen.figures(connection, run, kommuner=[kode])}


def number(text):
    return int(text.replace(".", ""))


def test_a_leder_sees_the_own_kommune_exactly_and_the_others_without_what_is_hidden(leder, counted):
    page = leder.get(f"{START}maalgruppen/")
    assert INTERNAL in page.text
    (rows,) = tables(page)
    figures = of_run(counted, "kui", OWN)
    assert {one.skjult for one in figures.values()} == set(Skjult)
    groups = ["forberedende", "paalaeg", "fritaget", "udland", "praktik", "deltid", "uden", "i_alt", "P"]
    places = [(age, sex) for age in ("15-17", "18-24", None) for sex in ("K", "M", None)]
    for maal, row in zip(groups, rows[1:], strict=True):
        exact = [figures[maal, *place].antal if (maal, *place) in figures else 0 for place in places]
        assert [number(cell) for cell in row[1:]] == exact
    # The sub-groups are the target group.
    columns = [[number(cell) for cell in row[1:]] for row in rows[1:]]
    assert [sum(column) for column in zip(*columns[:7], strict=True)] == columns[7]
    for asked, kode in (({"diskret": "1"}, OWN), ({"kommune": OTHER}, OTHER), ({"kommune": "alle"}, None)):
        page = leder.get(f"{START}maalgruppen/", query_string=asked)
        assert INTERNAL not in page.text
        (rows,) = tables(page)
        figures = of_run(counted, "kui", kode)
        hidden = 0
        for maal, row in zip(groups, rows[1:], strict=True):
            for place, cell in zip(places, row[1:], strict=True):
                one = figures.get((maal, *place))
                is_hidden = one is not None and one.skjult is not Skjult.INGEN
                assert cell == (".." if is_hidden else f"{one.antal if one else 0:,}".replace(",", "."))
                hidden += is_hidden
        assert (hidden > 0) == ("under 5 eller skjult for at beskytte andre tal" in page.text)
        if kode is not None:
            assert hidden


def test_stil_sees_all_exactly_with_the_same_warning(stil, counted):
    for asked, kode in (({}, None), ({"kommune": OTHER}, OTHER)):
        page = stil.get(f"{START}maalgruppen/", query_string=asked)
        assert INTERNAL in page.text
        figures = of_run(counted, "kui", kode)
        assert number(tables(page)[0][-1][-1]) == figures["P", None, None].antal
        assert ".." not in [cell for row in tables(page)[0] for cell in row]
        assert "/web/unge" not in page.text
    assert INTERNAL not in stil.get(f"{START}maalgruppen/?diskret=1&kommune={OTHER}").text


def test_every_figure_of_a_page_is_in_its_file(leder, counted):
    hidden = 0
    for definition in ("restgruppe", "kui", "bredere"):
        for asked in ({}, {"kommune": OTHER}, {"alder": "18-24", "diskret": "1"}):
            page = leder.get(START, query_string={"definition": definition, **asked})
            shown, found = tables(page), files(leder, page)
            assert len(shown) == 2
            for table, file in zip(shown, found, strict=False):
                as_read = [[cell.removeprefix("'") for cell in row[: len(table[0])]] for row in file[1:]]
                assert as_read == table[1:]
                warning = INTERNAL if not asked else ".. er under 5 eller skjult for at beskytte andre tal"
                assert {row[-1] for row in file[1:]} == {warning}
                assert {row[file[0].index("oejebliksbillede")] for row in file[1:]} == {NUMMER}
            hidden += of_all_kommuner(found[2], counted, definition, asked.get("alder"))
    assert hidden


def of_all_kommuner(everyone, engine, definition, alder):
    """Other kommuner are never exact, also not for those who see their own so; they stand by their codes."""
    assert [row[0] for row in everyone[1:]] == ["", *sorted({row[0] for row in everyone[2:]})]
    hidden = 0
    for row in everyone[1:]:
        figures = of_run(engine, definition, row[0] or None)
        for maal, cell in zip(everyone[0][2:-9], row[2:-9], strict=True):
            one = figures.get((maal, alder, None))
            is_hidden = one is not None and one.skjult is not Skjult.INGEN
            assert cell == (".." if is_hidden else f"{one.antal if one else 0:,}".replace(",", "."))
            hidden += is_hidden
    return hidden


def test_the_months_beside_and_the_line(leder, counted):
    page = leder.get(START, query_string={"definition": "kui"})
    status, line = tables(page)
    total = next(row for row in status if row[0] == "Målgruppen i alt")
    earlier = [
        of_run(counted, "kui", OWN, day)["i_alt", None, None].antal for day in (date(2026, 7, 1), date(2025, 8, 1))
    ]
    assert [number(cell) for cell in total[3:5]] == earlier
    assert [row[0] for row in line[1:]] == ["august 2025", "juli 2026", "august 2026"]
    assert [row[4] for row in line[1:]] == ["endelig", "endelig", "foreløbig"]
    counts = of_run(counted, "kui", OWN)
    share = 100 * counts["i_alt", None, None].antal / counts["P", None, None].antal
    assert line[-1][3] == total[2] == f"{share:.1f} %".replace(".", ",")
    assert (
        "Tallene er foreløbige: eIndkomst for august 2026 er ikke leveret, og indkomst for juli 2026 er brugt."
        in page.text
    )
    for said in ("KUI-målgruppe, version v1", "Statusdag: 1. august 2026", f"øjebliksbillede {NUMMER}", "Dækning: "):
        assert said in page.text
    assert page.text.count("<circle") == 3
    before = leder.get(START, query_string={"definition": "kui", "dag": "2026-07-01"})
    assert "foreløbige" not in before.text
    assert [row[0] for row in tables(before)[1][1:]] == ["august 2025", "juli 2026"]
    # A new version of a definition breaks the line, and both are there for the month.
    with writing(counted) as connection:
        new = run_of("kui", date(2026, 7, 1), version="v2")
        counts = {"i_alt": 40, "P": 400}
        figures = [
            Figure(kommunekode=kode, maal=maal, antal=count) for maal, count in counts.items() for kode in (OWN, None)
        ]
        frozen.write(connection, new, figures)
    page = leder.get(START, query_string={"definition": "kui"})
    assert [(row[0], row[5]) for row in tables(page)[1][2:]] == [
        ("juli 2026", "v1"),
        ("juli 2026", "v2"),
        ("august 2026", "v1"),
    ]
    assert "Fra juli 2026 er tallene efter en ny definition" in page.text
    assert page.text.count("<polyline") == 1


def test_the_contacted_are_shown_beside_the_goal(leder, counted):
    page = leder.get(f"{START}kontaktede/")
    now, line = tables(page)
    counts = of_run(counted, "kontaktede", OWN)
    whole, part = counts["P", None, None].antal, counts["kontaktet", None, None].antal
    assert now[-1][:4] == ["Alle", str(whole), str(part), f"{100 * part / whole:.1f} %".replace(".", ",")]
    assert line[-1][1:4] == now[-1][1:4]
    assert "Mål: 90 %" in page.text
    assert "udb-goal" in page.text
    assert [
        [row[: len(table[0])] for row in file[1:]] for table, file in zip(tables(page), files(leder, page), strict=True)
    ] == [table[1:] for table in tables(page)]


def test_a_change_of_source_system_is_marked_in_the_lines_of_the_own_kommune(leder, stil, counted):
    with writing(counted) as connection:
        for nummer in (KOMMUNE, OTHER_KOMMUNE):
            wanted = Announcement(nummer, "Uno-UNG", SYSTEM, date(2026, 7, 6), "it@kommune.example")
            assert announce(connection, wanted, "udb:root", state.now(connection))[1] == ()
    for address in (f"{START}?definition=kui", f"{START}kontaktede/"):
        page = leder.get(address)
        assert "Stiplet: systemskifte 6. jul." in page.text
        assert page.text.count('class="udb-mark"') == 1
    other = {"definition": "kui", "kommune": OTHER}
    assert "Stiplet" not in leder.get(START, query_string=other).text
    assert "Stiplet: systemskifte 6. jul." in stil.get(START, query_string=other).text
    assert "Stiplet" not in stil.get(START, query_string={"definition": "kui", "kommune": "alle"}).text


def test_a_hidden_month_is_a_hole_in_the_line(leder, counted):
    signs = [
        of_run(counted, "kui", OTHER, day)["i_alt", None, None].skjult
        for day in (date(2025, 8, 1), date(2026, 7, 1), DAY)
    ]
    assert Skjult.SEKUNDAER in signs
    page = leder.get(START, query_string={"definition": "kui", "kommune": OTHER})
    hidden = [row[3] == ".." for row in tables(page)[1][1:]]
    shown = hidden.count(False)
    assert any(hidden)
    assert page.text.count("<circle") == (shown if shown > 1 else 0)


@pytest.mark.usefixtures("counted")
def test_a_count_of_the_own_kommune_opens_its_youths(leder, world, house):
    world.clock("2026-08-17T10:00:00")
    page = leder.get(f"{START}maalgruppen/")
    links = [html.unescape(one) for one in re.findall(r'href="(/web/unge/liste/[^"]+)"', page.text)]
    assert "/web/unge/liste/?alder_fra=15&alder_til=17&situation=uden" in links
    assert "/web/unge/liste/?alder_fra=15&alder_til=24&situation=maalgruppe" in links
    status = html.unescape(leder.get(START).text)
    for situation in ("uden_uddannelse", "i_uddannelse", "fuldfoert", "job"):
        assert f"/web/unge/liste/?alder_fra=15&alder_til=24&situation={situation}" in status
    agree(house.engine, KOMMUNE)

    def logged():
        with reading(house.engine) as connection:
            return connection.execute(select(func.count()).select_from(read_log)).scalar_one()

    before = logged()
    assert leder.get(links[0]).status_code == 200
    assert logged() == before + 1
    for asked in ({"kommune": OTHER}, {"kommune": "alle"}):
        assert "/web/unge/liste" not in leder.get(f"{START}maalgruppen/", query_string=asked).text


COHORT = {
    "ej_moedt": 10, "kohorte": 90, "hurtig_fuldfoert": 10, "hurtig_i_gang": 50, "hurtig_skiftet": 10,
    "hurtig_afbrudt": 20, "endelig_fuldfoert": 10, "endelig_i_gang": 60, "endelig_skiftet": 10, "endelig_afbrudt": 10,
}  # fmt: skip
LEFT = {"aarsag_9": 10, "aarsag_904": 10, "aarsag_12345": 0, "aarsag_ingen": 0, "tid_030": 0, "tid_182": 20}
AFTER = {"i_uddannelse": 20, "i_job": 30, "begge": 10, "ingen": 40, "ukendt": 0, "endnu_ikke": 6}


def test_drop_out_and_deadlines(leder, house):
    """The worked cases of the definitions, ten times as large, in one kommune; small ones in two others."""
    cases = {"frafald": {}, "efter_afbrud": {}, "frist": {}}
    outcomes = {"i_tide": 20, "for_sent": 10, "overskredet": 10, "aaben": 10, "ikke_hentet": 10, "ikke_skyldig": 10}
    days = {"dage_00": 10, "dage_05": 10, "dage_06": 10}
    for kode, times in ((OWN, 1), (OTHER, 0.1), ("147", 0.1)):
        for name, gruppe, counts in (
            ("frafald", "eud 2022", COHORT | LEFT), ("frafald", "eud 2024", COHORT | LEFT),
            ("frist", "2026-04", {**outcomes, **days}),
            *(("efter_afbrud", f"eud 2024 +{months}", AFTER) for months in ("03", "09", "15", "21")),
        ):  # fmt: skip
            cases[name] |= {(kode, gruppe, maal): int(count * times) for maal, count in counts.items()}
    freeze(house.engine, DAY, {name: grouped(counts) for name, counts in cases.items()})
    page = leder.get(f"{START}frafald/?uddannelse=eud")
    cohorts, causes, times, after = tables(page)
    year = ["10", "90", "10", "50", "10", "20", "22,2 %", "33,3 %", "10", "11,1 %"]
    assert cohorts[1:] == [["2024/2025", *year, "foreløbig"], ["2022/2023", *year, "endelig"]]
    head = ["2024/2025", "2024/2025, andel", "2022/2023", "2022/2023, andel"]
    assert causes == [
        ["Årsag", *head],
        ["Ukendt/ikke oplyst (9)", *["10", "50,0 %"] * 2],
        ["Personlige forhold (904)", *["10", "50,0 %"] * 2],
        ["Årsag 12345", *["0", "0,0 %"] * 2],
        ["Intet afbrud: gennemførte uden at fuldføre", *["0", "0,0 %"] * 2],
        ["Afbrudt i alt", *["20", "100,0 %"] * 2],
    ]
    assert times == [
        ["Tid til afbrud", *head],
        ["Højst 30 dage", *["0", "0,0 %"] * 2],
        ["31-90 dage", *["0", "0,0 %"] * 2],
        ["91-182 dage", *["20", "100,0 %"] * 2],
        ["183 dage eller flere, inden for tolv måneder", *["0", "0,0 %"] * 2],
        ["Afbrudt i alt", *["20", "100,0 %"] * 2],
    ]
    assert "ikke opgjort" not in page.text
    assert after[1] == ["3 måneder", "20", "30", "10", "40", "0", "6", "20,0 %", "30,0 %", "10,0 %", "40,0 %", "0,0 %"]
    page = leder.get(f"{START}kontakt/")
    (months,) = tables(page)
    assert months[1:] == [["april 2026", "60", "20", "10", "10", "10", "10", "10", "50,0 %", "5", "6"]]
    assert "alder_fra=15&amp;alder_til=17&amp;udfald=overskredet" in page.text
    other = leder.get(f"{START}kontakt/", query_string={"kommune": OTHER})
    assert tables(other)[0][1] == ["april 2026", *[".."] * 10]
    other = tables(leder.get(f"{START}frafald/", query_string={"uddannelse": "eud", "kommune": OTHER}))
    # 2 of 9 have left, one for each cause, both within a half-year: all of it is hidden, and each share of it.
    assert [row[6] for row in other[0][1:]] == ["..", ".."]
    hidden = {row[0] for table in other[1:3] for row in table[1:] if row[1:] == [".."] * 4}
    assert hidden >= {"Ukendt/ikke oplyst (9)", "Personlige forhold (904)", "91-182 dage", "Afbrudt i alt"}
    assert all(row[2] == row[4] == ".." for table in other[1:3] for row in table[1:])
    for screen in ("frafald/?uddannelse=eud", "kontakt/"):
        page = leder.get(f"{START}{screen}")
        for table, file in zip(tables(page), files(leder, page), strict=True):
            assert [row[: len(table[0])] for row in file[1:]] == table[1:]


def test_a_month_from_before_causes_and_times_were_counted(leder, house):
    counts = {(kode, "eud 2024", maal): count for kode in (OWN, OTHER, "147") for maal, count in COHORT.items()}
    freeze(house.engine, DAY, {"frafald": grouped(counts)})
    page = leder.get(f"{START}frafald/?uddannelse=eud")
    assert [table[0][0] for table in tables(page)] == ["Begyndt i skoleåret"]
    assert "Årsager til afbrud og tid til afbrud er ikke opgjort for denne måned." in page.text


@pytest.mark.usefixtures("counted")
def test_a_page_costs_little(leder):
    screens = ("status/?definition=kui", "maalgruppen/")
    entered = [functions_entered(partial(leder.get, f"{START}{screen}")) for screen in screens]
    assert max(entered) < 15_000, entered
