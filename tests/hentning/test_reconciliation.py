"""Reconciliation with another system's list (portal 3.30), through the use case."""

import random
import sys
import tracemalloc
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import gettempdir
from time import perf_counter, process_time

import pytest
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st
from sqlalchemy import event, insert, select

from tests.support import reconciliation as lists
from tests.support.events import event as stored_event
from tests.support.reconciliation import E_, I_, A, B, C, D, F, G, H, call, last_logged, list_file, marks, reconciled
from tests.support.reports import UNGDOM, accepted, optag
from tests.support.size import size
from tests.support.world import DEPARTMENT, EUD_SCHOOL, GYMNASIUM, KOMMUNE, OTHER_KOMMUNE
from udb.domain.errors import NoDataaftale
from udb.domain.services import KOMMUNE_AKTIVITET, KONTAKTPERSON, ONSKER, UNGDOMSUDDANNELSE
from udb.hentning.reconciliation import run
from udb.hentning.reconciliation.kinds import COLUMNS, Hvad
from udb.hentning.reconciliation.marks import Maerke
from udb.store.engine import reading, writing
from udb.store.events import add_event
from udb.store.tables import cprnummer, metadata, modtagelse, person

pytestmark = pytest.mark.built_by(build=lists.worked)
KONTAKT_HEAD = lists.HEAD.split(";")
AT_GYMNASIUM = {
    "service": UNGDOMSUDDANNELSE, "institution_nummer": GYMNASIUM, "hovedinstitution": GYMNASIUM,
    "kodesaet": "cosa_formaal", "kode": "3017", "kode_version": 2,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_step(monkeypatch):
    monkeypatch.setattr(run, "STEP", 0.001)


def ids(context, *numbers):
    with reading(context.engine) as connection:
        query = select(cprnummer.c.person_id).where(cprnummer.c.cprnr.in_(numbers))
        return sorted(connection.execute(query).scalars())


def test_the_worked_file_has_its_marks_line_by_line(context):
    result = reconciled(context, "\n".join(lists.WORKED))
    assert [(one.linje, one.maerke.value) for one in result.linjer] == [
        (2, "fundet"),
        (3, "afviger"),
        (4, "dublet"),
        (5, "afvist"),
        (6, "alder"),
        (7, "ikke_vist"),
        (8, "ikke_vist"),
        (9, "ugyldig_linje"),
        (10, "mangler_i_udb"),
    ]
    found, differs, twice, refused, age, _, _, unreadable, _ = result.linjer
    assert (found.af, found.cpr, found.reference) == (KOMMUNE, "7103xx-xxxx", "a")
    assert [(one.element, one.deres, one.vores) for one in differs.afvigelser] == [
        ("KontaktMail", "anden@jensen.dk", "test@jensen.dk")
    ]
    assert twice.tekst == "Samme som linje 3."
    assert (refused.koder, refused.transaktion) == (["7004"], lists.TRANSACTION)
    assert (age.koder, unreadable.tekst) == (["7002"], "CPRNr har 9 cifre. Mangler der et 0 forrest?")
    assert sorted(one.cprnr for one in result.kun_i_udb) == [C, D]
    assert result.formel == (
        "9 rækker = 1 ugyldig linje + 1 dublet + 2 ikke vist + 1 alder + 1 afvist + 1 mangler i UDB + 1 afviger + "
        "1 fundet"
    )
    assert result.formel_udb == "UDB's 4 = 1 fundet + 1 afviger + 2 kun i UDB"
    row = last_logged(context.engine)
    assert row.personer == ids(context, A, B, C, D, E_, F, I_)
    assert (row.klausul, row.formaal, row.bruger, row.operation) == (
        "A13", "afstemning", "unilogin:admin", "Afstemning",
    )  # fmt: skip


def test_a_stranger_and_no_one_differ_in_nothing(context):
    result = reconciled(context, "\n".join((lists.HEAD, f"{G};N;m;t;r", f"{H};N;m;t;r")))
    one, other = result.linjer
    assert replace(one, linje=0, celler={}) == replace(other, linje=0, celler={})
    assert result.is_none_ours
    row = last_logged(context.engine)
    assert (row.personer, row.klausul) == (ids(context, A, B, C, D), "A13"), "those that the file lacks"
    statements = []
    event.listen(context.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    counts = []
    for number in (G, H):
        statements.clear()
        reconciled(context, "\n".join((lists.HEAD, f"{number};N;m;t;r")))
        counts.append(list(statements))
    assert counts[0] == counts[1]


@pytest.mark.large
def test_a_file_of_strangers_takes_as_long_as_one_of_no_one(context, world, monkeypatch):
    many = size(small=20, large=1000)
    strangers = [f"710307{5200 + n}" for n in range(many)]
    for number in strangers:
        world.person(number, kommune="751")
    no_one = [f"710407{5200 + n}" for n in range(many)]
    monkeypatch.setattr(run, "STEP", 0.25)
    files = [list_file([KONTAKT_HEAD, *([n, "N", "", "", ""] for n in some)]) for some in (strangers, no_one)]
    times = []
    reconciled(context, files[0])
    for content in files * size(small=3, large=10):
        began = perf_counter()
        assert reconciled(context, content).is_none_ours
        times.append(perf_counter() - began)
    best = [min(times[0::2]), min(times[1::2])]
    assert abs(best[0] - best[1]) < max(best) * 0.1, best


def test_nothing_of_the_file_is_stored_or_logged(context, caplog, capfd):
    marker = "Ma9kør-i-filen"
    started = {path.name for path in Path(gettempdir()).iterdir()}
    reconciled(context, "\n".join((lists.HEAD, f"{A};{marker};{marker};1;{marker}", f"{I_};{marker};;;{marker}")))
    with reading(context.engine) as connection:
        for table in metadata.sorted_tables:
            assert marker not in repr(connection.execute(select(table)).all()), table.name
    out, err = capfd.readouterr()
    assert marker not in caplog.text + out + err
    new = [path for path in Path(gettempdir()).iterdir() if path.name not in started and path.is_file()]
    assert not [path for path in new if marker.encode() in path.read_bytes()]


FORMS = {
    "windows-1252": lambda text: text.encode("cp1252"),
    "bom": lambda text: text.encode("utf-8-sig"),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "comma": lambda text: text.replace(";", ",").encode(),
    "order": lambda text: list_file([line.split(";")[::-1] for line in text.split("\n")]).encode(),
    "hyphen": lambda text: text.replace(A, f"{A[:6]}-{A[6:]}").encode(),
    "case": lambda text: text.replace("KontaktNavn", " kontaktnavn ").encode(),
    "quoted": lambda text: text.replace("a\n", '"a"\n').encode(),
    "empty lines": lambda text: (text + "\n;;;;\n\n").encode(),
}


def test_every_form_of_a_file_gives_the_same_result(context):
    text = f"{lists.HEAD}\n{A};Søren Ærø;test@jensen.dk;23456789;a\n{B};Test Jensen;x@y.dk;23456789;bø"

    def shown(raw):
        return [(one.linje, one.maerke, one.reference, one.afvigelser) for one in reconciled(context, raw).linjer]

    plain = shown(text)
    assert [one.deres for one in plain[0][3]] == ["Søren Ærø"]
    for name, form in FORMS.items():
        assert shown(form(text)) == plain, name
    over_two = text.replace("Test Jensen", '"Test\nJensen"')
    assert shown(over_two) == plain


def test_an_institution_compares_its_own_forloeb(context, endpoint, world):
    numbers = [optag(endpoint, one, 3) for one in (A, B, C, D)]
    world.clock("2026-08-17T11:00:00")
    end = UNGDOM | {"CPRNr": D, "HaendelseDato": "2026-08-12T00:00:00", "Status": 2, "AfbrudsarsagsKode": "904"}
    accepted(endpoint.report(UNGDOMSUDDANNELSE, end))
    gone = UNGDOM | {"CPRNr": C, "HaendelseDato": "2026-08-03T00:00:00", "Annullering": True}
    accepted(endpoint.report(UNGDOMSUDDANNELSE, gone | {"HaendelseNummer": numbers[2]}))
    wrong = UNGDOM | {"CPRNr": E_, "Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": 77}}
    assert endpoint.report(UNGDOMSUDDANNELSE, wrong, "kald-1")["Resultat"] == "Afvist"
    other = UNGDOM | {"CPRNr": I_, "InstitutionNummer": EUD_SCHOOL}
    other = other | {"Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": 77}}
    assert endpoint.report(UNGDOMSUDDANNELSE, other, "kald-2")["Resultat"] == "Afvist"
    head = list(COLUMNS[Hvad.FORLOEB].names)
    rows = [
        [A, "3017", "03-08-2026", "", "1", DEPARTMENT, "a"],
        [B, "3017", "2026-08-04", "", "1", "", "b"],
        [C, "3017", "2026-08-03", "", "1", "", "c"],
        [D, "3017", "2026-08-03", "", "1", "", "d"],
        [E_, "3017", "2026-08-10", "", "1", "", "e"],
        [I_, "3017", "2026-08-10", "", "1", "", "i: refused at another school"],
        [A, "3017", "2026-08-10", "", "1", "", "a again"],
        [A, "9999", "2026-08-10", "", "1", "", "no code"],
        [B, "3017", "2026-08-04", "", "1", "", "b again"],
        [B, "3017", "tirsdag", "", "1", "", "no day"],
    ]
    with reading(context.engine) as connection:
        rows_of_log = connection.execute(select(modtagelse.c.id)).all()
    result = reconciled(context, list_file([head, *rows]), Hvad.FORLOEB, GYMNASIUM)
    assert marks(result) == [
        "fundet", "afviger", "annulleret", "afviger", "afvist", "ikke_vist", "overlap", "ugyldig_kode", "dublet",
        "ugyldig_linje",
    ]  # fmt: skip
    lines = result.linjer
    assert lines[0].tillaeg == (f"UDB har en anden afdeling: {GYMNASIUM}.",)
    assert [(one.element, one.vores) for one in lines[1].afvigelser] == [("DatoOptag", "2026-08-03")]
    assert lines[2].nummer == numbers[2]
    assert [(one.element, one.deres, one.vores) for one in lines[3].afvigelser] == [("Status", "1", "2")]
    assert (lines[4].koder, lines[4].transaktion) == (["4001"], "kald-1")
    assert lines[6].tekst == "Overlapper linje 2."
    assert lines[7].koder == ["4001"]
    assert result.formel_udb == "UDB's 2 = 1 fundet + 1 afviger + 0 kun i UDB", "d's is over on the day"
    assert last_logged(context.engine).klausul == "A12"
    with reading(context.engine) as connection:
        assert connection.execute(select(modtagelse.c.id)).all() == rows_of_log, "a dry run is no report"
    before = reconciled(context, list_file([head, rows[1]]), Hvad.FORLOEB, GYMNASIUM, dag=date(2026, 8, 11))
    assert sorted(one.cprnr for one in before.kun_i_udb) == [A, D], "d's was open then"
    elsewhere = reconciled(context, list_file([head, rows[0]]), Hvad.FORLOEB, EUD_SCHOOL)
    assert (marks(elsewhere), elsewhere.kun_i_udb) == (["ikke_vist"], [])
    afbrud = list_file([COLUMNS[Hvad.AFBRUD].names, [D, "3017", "2026-08-12", "903", "", "d"]])
    found = reconciled(context, afbrud, Hvad.AFBRUD, GYMNASIUM)
    assert [(one.element, one.vores) for one in found.linjer[0].afvigelser] == [("AfbrudsarsagsKode", "904")]
    assert found.formel_udb == "UDB's 1 = 0 fundet + 1 afviger + 0 kun i UDB"


def test_a_kommune_compares_activities_wishes_and_times(context, endpoint):
    activity = {
        "CPRNr": A, "InstitutionNummer": KOMMUNE, "HaendelseDato": "2026-08-10T00:00:00", "Status": 1,
        "KildeLeverandoer": "UV-Vej", "KommuneAktivitetsKode": "K12", "Annullering": False,
    }  # fmt: skip
    accepted(endpoint.report(KOMMUNE_AKTIVITET, activity))
    wishes = {"CPRNr": A, "InstitutionNummer": KOMMUNE, "JobOnsker": ["Tømrer", "Murer"]}
    accepted(endpoint.report(ONSKER, wishes))
    file = list_file([("CPRNr", "Kode", "DatoOptag"), (A, "k12", "2026-08-10"), (B, "K99", "2026-08-10")])
    assert marks(reconciled(context, file, Hvad.FORLOEB)) == ["fundet", "ugyldig_kode"]
    file = list_file([("CPRNr", "JobOnsker"), (A, "murer|Tømrer"), (B, "Smed")])
    result = reconciled(context, file, Hvad.OENSKER)
    assert marks(result) == ["fundet", "mangler_i_udb"]
    accepted(endpoint.report(ONSKER, {"CPRNr": A, "InstitutionNummer": KOMMUNE, "Slet": "Begge"}))
    assert marks(reconciled(context, file, Hvad.OENSKER)) == ["annulleret", "mangler_i_udb"]
    file = list_file([("CPRNr", "Type", "HaendelseDato"), (A, "Kontakttid", "2026-08-10")])
    assert marks(reconciled(context, file, Hvad.TIDER)) == ["mangler_i_udb"]


def test_a_moved_youths_own_contact_is_still_compared_and_a_deleted_one_named(context, world, endpoint):
    world.person(A, kommune="751")
    world.change_number(B, "7103075199")
    accepted(endpoint.report(KONTAKTPERSON, {"CPRNr": C, "InstitutionNummer": KOMMUNE, "Slet": True}))
    file = "\n".join((lists.HEAD, *(f"{one};Test Jensen;test@jensen.dk;23456789;" for one in (A, B, C))))
    result = reconciled(context, file)
    assert marks(result) == ["fundet", "fundet", "annulleret"]
    assert result.linjer[1].tillaeg == ("Den unge har fået nyt nummer.",)
    assert "5199" not in repr(result.linjer)
    with writing(context.engine) as connection:
        connection.execute(modtagelse.update().where(modtagelse.c.person_id.in_(ids(context, E_))).values(
            institution_nummer=OTHER_KOMMUNE
        ))  # fmt: skip
    again = reconciled(context, f"{lists.HEAD}\n{E_};Test Jensen;;;")
    assert (marks(again), again.linjer[0].transaktion) == (["mangler_i_udb"], None), "another's refusal"


def test_without_an_agreement_there_is_no_answer(context, world):
    with pytest.raises(NoDataaftale):
        reconciled(context, "\n".join(lists.WORKED), nummer=OTHER_KOMMUNE)
    assert world is not None
    assert call().bruger == "unilogin:admin"


NAMES = st.sampled_from((A, B, C, D, E_, F, G, H, I_, "103075103", ""))


@pytest.mark.large
def test_the_formula_adds_up_for_any_file(context):
    @given(st.lists(st.tuples(NAMES, st.sampled_from(("Test Jensen", "x", "")), st.sampled_from(("", "a@b.dk")))))
    @of_hypothesis(max_examples=size(small=25, large=1000), deadline=None)
    def adds_up(rows):
        if not rows:
            return
        content = list_file([KONTAKT_HEAD, *((cpr, name, mail, "23456789", "r") for cpr, name, mail in rows)])
        result = reconciled(context, content)
        assert sum(result.antal.values()) == len(rows) == len(result.linjer)
        assert sum(result.genfundet.values()) + len(result.kun_i_udb) + result.andet_maerke == result.i_udb == 4
        assert Counter(result.genfundet)[Maerke.FUNDET] == result.antal[Maerke.FUNDET]

    adds_up()


CHANGES = {
    "name": (Maerke.AFVIGER, lambda row, _: [row[0], "En anden", *row[2:]]),
    "telephone": (Maerke.AFVIGER, lambda row, _: [*row[:3], "99999999", row[4]]),
    "nine digits": (Maerke.UGYLDIG_LINJE, lambda row, _: [row[0][1:], *row[1:]]),
    "stranger": (Maerke.IKKE_VIST, lambda row, n: [f"710407{5300 + n}", *row[1:]]),
    "twice": (Maerke.DUBLET, None),
    "left out": (Maerke.KUN_I_UDB, None),
}


def test_k_changes_of_a_list_from_udb_give_k_rows(context, endpoint, world):
    numbers = [f"710307{5200 + n}" for n in range(size(small=8, large=200))]
    for number in numbers:
        world.person(number)
        accepted(endpoint.report(KONTAKTPERSON, lists.contact(number)))
    everyone = [*numbers, A, B, C, D]
    rows = [[one, "Test Jensen", "test@jensen.dk", "23456789", one[-2:]] for one in everyone]
    plain = reconciled(context, list_file([KONTAKT_HEAD, *rows]))
    assert (set(marks(plain)), plain.kun_i_udb) == ({"fundet"}, [])
    drawn = random.Random(1)
    for _ in range(size(small=8, large=40)):
        k = drawn.randint(1, 6)
        chosen = dict(zip(drawn.sample(range(len(rows)), k), drawn.choices(sorted(CHANGES), k=k), strict=True))
        changed, expected = [], Counter()
        for number, row in enumerate(rows):
            mark, change = CHANGES.get(chosen.get(number, ""), (Maerke.FUNDET, None))
            expected[mark] += chosen.get(number) is not None
            if mark is Maerke.DUBLET:
                changed += [row, row]
            elif mark is not Maerke.KUN_I_UDB:
                changed.append(change(row, number) if change else row)
        result = reconciled(context, list_file([KONTAKT_HEAD, *changed]))
        seen = result.antal - Counter({Maerke.FUNDET: result.antal[Maerke.FUNDET]})
        # A number that the file has no longer leaves UDB's contact without a row.
        lost = expected[Maerke.UGYLDIG_LINJE] + expected[Maerke.IKKE_VIST] + expected[Maerke.KUN_I_UDB]
        assert len(result.kun_i_udb) == lost, chosen
        assert seen == +Counter({mark: n for mark, n in expected.items() if mark is not Maerke.KUN_I_UDB}), chosen


@pytest.mark.large
def test_the_largest_file_takes_five_seconds_and_sixty_megabytes(context):
    many = size(small=200, large=5000)
    numbers = [f"{day:02}{month:02}07{5200 + n}" for day in range(61, 89) for month in range(1, 13) for n in range(16)]
    numbers = numbers[:many]
    days = {f"turns_{age}": date(2007 + age, 3, 11) for age in (15, 18, 25, 30)}
    with writing(context.engine) as connection:
        for number, cprnr in enumerate(numbers, 1000):
            connection.execute(insert(person).values(id=number, cprnr=cprnr, status="01", kommunekode="101", **days))
            connection.execute(insert(cprnummer).values(cprnr=cprnr, person_id=number))
            for n in range(3):
                stored = stored_event(number * 10 + n, day=-n, cprnr=cprnr, **AT_GYMNASIUM)
                add_event(connection, number, stored)
    rows = [[one, "3017", "2026-08-08", "", "1", "", "r"] for one in numbers]
    content = list_file([COLUMNS[Hvad.FORLOEB].names, *rows])
    began = process_time()
    result = reconciled(context, content, Hvad.FORLOEB, GYMNASIUM)
    took = process_time() - began
    assert sum(result.antal.values()) == many
    assert result.antal[Maerke.FUNDET] + result.antal[Maerke.AFVIGER] == many, result.formel
    assert took <= 5, took
    tracemalloc.start()
    try:
        reconciled(context, content, Hvad.FORLOEB, GYMNASIUM)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    sys.stdout.write(f"{many} rows: {took:.2f} s of processor time, {peak / 2**20:.0f} MB\n")
    assert peak <= 60 * 2**20, peak
