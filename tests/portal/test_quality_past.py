"""The pages on data quality at an invented past, and at reports that are really refused (portal 3.28, acceptance)."""

import csv
import html
import io
import random
import re
from datetime import date

import pytest
from sqlalchemy import select

from tests.support.endpoint import Endpoint, codes
from tests.support.portal import ADDRESS
from tests.support.reporting import Administrator
from tests.support.reports import UNGDOM
from tests.support.seeded import make
from tests.support.size import LARGE, size
from tests.support.world import GYMNASIUM
from udb.context import Context
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.portal import app
from udb.portal.roles import Role
from udb.sandbox.past import schools
from udb.sandbox.past.rule_check import FOUND
from udb.settings import Settings
from udb.statistics.quality.refresh import refresh_quality
from udb.statistics.quality.scope import kommuner
from udb.store.engine import reading
from udb.store.tables import modtagelse
from udb.wsdl.use_cases import application

CONTACTS, SENDERS, TIMELY, RULES = (
    f"/web/kvalitet/{name}/" for name in ("kontakter", "afsendere", "rettidighed", "regler")
)
CPR = re.compile(r"(?<![\d.])\d{10}(?!\d)")
SEED = {2020: 3246, 2021: 2010, 2022: 1120, 2023: 430, 2024: 109}


def stil(context):
    site = app.application(context, ADDRESS)
    return Administrator(site, context.engine, None, Role.DATAMEDARBEJDER)


def rows_of(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def drawn(page):
    """Return the numbers of a page's picture, from where its points stand in its grid."""
    ticks = {
        int(value): float(y)
        for y, value in re.findall(r'y1="([\d.]+)"[^>]*></line>\s*<text[^>]*>(\d+)</text>', page.text)
    }
    zero, top = ticks[0], max(ticks)
    points = [float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)"', page.text)]
    return [(zero - y) / (zero - ticks[top]) * top for y in points], top


def assert_rule_check(engine, worker):
    """Assert that who may see the school of the rule check sees its rows, and nobody else."""
    site = app.application(Context(engine, Settings(sandbox=True, portal_adresse=ADDRESS)), ADDRESS)
    with reading(engine) as connection:
        numbers = {one.kode: one.nummer for one in kommuner(connection)}
    leder = {kode: Administrator(site, engine, numbers[kode], Role.LEDER) for kode in ("101", schools.KOMMUNE)}
    admin = {school: Administrator(site, engine, school) for school in (schools.OUTDATED, schools.LATE)}
    planted = [(schools.OUTDATED, code, str(count)) for code, count in FOUND.items()]
    for browser in (worker, leder[schools.KOMMUNE], admin[schools.OUTDATED]):
        rows = rows_of(browser.get(f"{RULES}hent.csv"))
        assert [(row["institution"], row["kode"], row["antal"]) for row in rows] == planted
        assert "Gymnasiet ved åen" in browser.get(RULES).text
    for browser in (leder["101"], admin[schools.LATE]):
        assert rows_of(browser.get(f"{RULES}hent.csv")) == []
        assert "Ingen af jeres indberetninger ville blive afvist" in browser.get(RULES).text


@pytest.mark.large
@pytest.mark.usefixtures("provider")
def test_98_kommuner_sum_to_the_country_and_the_picture_says_the_same(engine):
    youths = size(small=200, large=20_000)
    make(engine, youths, dato=date(2026, 10, 15), historie=True)
    refresh_quality(engine)
    worker = stil(Context(engine, Settings(sandbox=True, portal_adresse=ADDRESS)))
    rows = rows_of(worker.get(f"{CONTACTS}hent.csv"))
    country, kommuner = rows[0], [row for row in rows[1:] if row["kommunekode"] != "-"]
    assert len(kommuner) == 98
    expected = {year: round(count * youths / 20_000) for year, count in SEED.items()}
    for year, count in expected.items():
        assert int(country[str(year)]) == count
        assert sum(int(row[str(year)]) for row in rows[1:]) == count
    if LARGE:
        assert (country["2020"], country["2024"]) == ("3246", "109")
    page = worker.get(CONTACTS)
    years = [name for name in country if name.isdecimal()]
    points, top = drawn(page)
    assert len(points) == len(years)
    assert all(abs(point - int(country[year])) <= top / 500 for point, year in zip(points, years, strict=True))
    cells = [html.unescape(re.sub("<[^>]+>", "", one)) for one in re.findall(r"<td[^>]*>(.*?)</td>", page.text)]
    assert cells[1 : len(country)] == ["Hele landet", *(country[year] for year in years)]
    senders = {row["institution"]: row for row in rows_of(worker.get(f"{SENDERS}hent.csv"))}
    assert [senders[school]["vurdering"] for school in (*schools.SILENT, *schools.FALLING)] == [
        *["Tavs"] * 3, *["Fald"] * 2,
    ]  # fmt: skip
    refused = senders[schools.REFUSED]
    assert (refused["vurdering"], refused["accepteret"], refused["afvist"], refused["afvist_pct"]) == (
        "Meget afvises", "40", "10", "20,0",
    )  # fmt: skip
    assert_rule_check(engine, worker)
    late = [row for row in rows_of(worker.get(f"{TIMELY}hent.csv?slags=afbrudt")) if row["institution"] == schools.LATE]
    assert all(int(row["dage_8_30"]) == int(row["antal"]) for row in late)


@pytest.mark.large
def test_refused_reports_have_a_row_each_and_no_cpr_number_leaves(world, house, capsys):
    number = size(small=100, large=1_000)
    endpoint = Endpoint(application(house, {}))
    drawn_by = random.Random(1)
    world.clock("2026-08-10T08:00:00")
    sent, refusals = set(), set()
    for index in range(number):
        cprnr = f"{61 + drawn_by.randrange(28)}{drawn_by.randrange(1, 13):02}09{drawn_by.randrange(5000, 9999)}"
        sent.add(cprnr)
        receipt = endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": cprnr}, f"{cprnr[:6]}-{cprnr[6:]}/{index}")
        assert receipt["Resultat"] == "Afvist"
        refusals |= codes(receipt)
    (top,) = refusals
    with reading(house.engine) as connection:
        rows = connection.execute(select(modtagelse).where(modtagelse.c.resultat == "R")).all()
    assert len(rows) == number
    world.clock("2026-08-17T08:00:00")
    refresh_quality(house.engine)
    worker = stil(house)
    (row,) = rows_of(worker.get(f"{SENDERS}hent.csv"))
    assert (row["top_kode"], row["afvist"]) == (top, str(number))
    one = f"?institution={GYMNASIUM}&tjeneste={UNGDOMSUDDANNELSE}&system={row['system']}"
    answers = [worker.get(SENDERS), worker.get(f"{SENDERS}en{one}"), worker.get(f"{SENDERS}en/hent.csv{one}")]
    assert rows_of(answers[2])[0]["antal"] == str(number)
    texts = [*(answer.text for answer in answers), " ".join(map(str, rows)), capsys.readouterr().out]
    for text in texts:
        plain = text.replace("-", "").replace(" ", "")
        assert not [cprnr for cprnr in sent if cprnr in text or cprnr in plain]
    assert not CPR.search(answers[0].text)
