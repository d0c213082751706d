"""Which stored forløb the figures drop: the golden ten, each mark, and a slow second reading on random histories."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.rules.memory import shipped_codes
from tests.support.seeded import TODAY, make
from tests.support.size import size
from tests.support.slow_forloeb import slowly
from udb.domain.clock import DANISH
from udb.domain.haendelse import Haendelse, key_of
from udb.domain.kodesaet import AKTIVITETSGRUPPER, COSA, ELEVTRIN, KOMMUNE_AKTIVITETER, STADS
from udb.domain.services import (
    FGU,
    FORBEREDENDE_AKTIVITET,
    JOBCENTER,
    KOMMUNE_AKTIVITET,
    UNGDOMSUDDANNELSE,
    VIDEREGAAENDE,
)
from udb.statistics.definitions.courses import courses_of
from udb.statistics.definitions.opmaerkninger import OPMAERKNINGER, Maerke, opmaerkninger, sums
from udb.statistics.definitions.youth import IN_EDUCATION, Youth, in_education, in_population
from udb.store.codes import load_codes
from udb.store.engine import reading
from udb.store.events import events_by_person
from udb.store.tables import person

DAY = date(2026, 10, 1)
AUG = date(2026, 8, 10)
SCHOOL, OTHER, KOMMUNE = "461248", "449009", "281191"
CODES = shipped_codes()


def formaal(art):
    """Return a formål of an art that is valid today, with its version."""
    for code in CODES.codes(COSA):
        for row in CODES.rows(COSA, code):
            if row.text("art") == art and row.valid_on(DAY) and row.valid_on(AUG):
                return COSA, code, int(row.variant)
    raise LookupError(art)


GYM, HF, EUD, GF2, FGU_FORMAAL = (formaal(art) for art in ("gymnasial", "hf", "eud", "gf2", "fgu"))
TENTH = (ELEVTRIN, "10", None)
GONE = next(
    (COSA, code, int(row.variant))
    for code in CODES.codes(COSA)
    for row in CODES.rows(COSA, code)
    if row.gyldig_til and row.gyldig_til < AUG and row.text("art") == "eud"
)
"""A formål that was valid once."""
UNKNOWN = (STADS, "0000", None)


def event(number, code, day=AUG, status=1, school=SCHOOL, service=UNGDOMSUDDANNELSE, forloeb=None, **more):
    return Haendelse(
        nummer=f"UDB-{number:023}",
        **{"plads": f"UDB-{number:023}"} | more,
        art="uddannelse",
        cprnr="7103075123",
        service=service,
        institution_nummer=school,
        hovedinstitution=school,
        haendelse_dato=day,
        registreringstid=datetime(2026, 9, 1, tzinfo=DANISH),
        kilde_leverandoer="LUDUS",
        status=status,
        kodesaet=code[0],
        kode=code[1],
        kode_version=code[2],
        forloeb_id=f"FORLOEB-{forloeb or number}",
    )


def activity(number, kode, day=date(2026, 5, 1)):
    return event(number, (KOMMUNE_AKTIVITETER, kode, None), day, school=KOMMUNE, service=KOMMUNE_AKTIVITET)


def youth(age=20, status="01", birthday=(3, 11), events=()):
    born = date(2026 - age if birthday <= (10, 1) else 2025 - age, *birthday)
    turns = [born.replace(year=born.year + years) for years in (15, 25, 30)]
    return Youth(status, *turns, courses_of(events, CODES))


def marks(events, whom=None, day=DAY):
    return [one.maerke for one in opmaerkninger(events, whom or youth(), CODES, day)]


def ended(code, day, status=2, first=AUG, **more):
    return [event(1, code, first, **more), event(2, code, day, status, forloeb=1, **more)]


GOLDEN = {
    1: (youth(16), [event(1, TENTH, service=FORBEREDENDE_AKTIVITET)]),
    2: (youth(19), ended(HF, date(2025, 6, 26), 3, date(2023, 8, 10), gennemfoert_hf=True)),
    3: (youth(19), [event(1, GF2)]),
    4: (youth(20), ended(EUD, date(2026, 9, 15))),
    9: (youth(22), [event(1, FGU_FORMAAL, date(2026, 5, 1), service=FGU)]),
    10: (youth(23), [activity(1, "K56")]),
    13: (youth(20), [event(1, HF, date(2026, 10, 2))]),
    14: (youth(20), ended(HF, DAY)),
    15: (youth(19), [event(1, EUD, date(2026, 9, 1), frafaldstruet_markering=True)]),
    16: (youth(20), [activity(1, "K54")]),
}
"""Those of the sixteen of docs/spec/figures.md who have a forløb."""


def test_the_golden_ten_have_their_marks():
    found = {number: opmaerkninger(events, whom, CODES, DAY) for number, (whom, events) in GOLDEN.items()}
    assert {number: one.maerke for number, (one,) in found.items()} == {
        **dict.fromkeys((1, 3, 9, 15), Maerke.TAELLER_MED),
        **dict.fromkeys((2, 4, 14), Maerke.AFSLUTTET_FOER),
        13: Maerke.ENDNU_IKKE,
        **dict.fromkeys((10, 16), Maerke.IKKE_UDDANNELSE),
    }
    by_school = sums(one for ones in found.values() for one in ones)
    assert by_school[KOMMUNE] == {Maerke.IKKE_UDDANNELSE: 2}
    assert by_school[SCHOOL] == {Maerke.TAELLER_MED: 4, Maerke.AFSLUTTET_FOER: 3, Maerke.ENDNU_IKKE: 1}
    assert sum((Counter(one) for one in by_school.values()), Counter()).total() == 10
    assert (OPMAERKNINGER.navn, OPMAERKNINGER.version) == ("Opmærkninger", "v1")


def test_each_mark_has_its_case():
    cancelled = event(1, HF, annulleret=True)
    assert marks([cancelled, event(2, HF, annullering=True, annulleret_haendelse_nummer="UDB-1", forloeb=1)]) == [
        Maerke.ANNULLERET
    ]
    # A repetition that stands in another forløb than the report it repeats.
    assert marks([event(1, HF, gentaget=True), event(2, HF, plads=f"UDB-{1:023}", gentager="UDB-1")]) == [
        Maerke.GENTAGET,
        Maerke.TAELLER_MED,
    ]
    # The same under one ForloebId is one forløb, which stands.
    assert marks([event(1, HF, gentaget=True), event(2, HF, plads=f"UDB-{1:023}", gentager="UDB-1", forloeb=1)]) == [
        Maerke.TAELLER_MED
    ]
    one = [event(1, HF)]
    for status in ("20", "80", "90"):
        assert marks(one, youth(status=status)) == [Maerke.UDEN_BOPAEL]
    assert marks(one, youth(status="03")) == [Maerke.TAELLER_MED]
    assert marks(one, youth(25, birthday=(10, 1))) == [Maerke.ALDER]
    assert marks(one, youth(24, birthday=(10, 2))) == [Maerke.TAELLER_MED]
    assert marks(one, youth(14, birthday=(10, 2))) == [Maerke.ALDER]
    assert marks([event(1, HF, status=2)]) == [Maerke.UDEN_OPTAG]
    assert marks([event(1, GONE)]) == [Maerke.UGYLDIG_KODE]
    assert marks([event(1, UNKNOWN, service=VIDEREGAAENDE)]) == [Maerke.UGYLDIG_KODE]
    assert marks([event(1, HF, DAY)]) == [Maerke.TAELLER_MED]
    assert marks(ended(HF, DAY + timedelta(days=1))) == [Maerke.TAELLER_MED]
    test = formaal("optagelsesproeve")
    assert marks([event(1, test)]) == [Maerke.IKKE_UDDANNELSE], "an admission test is no admission (V 1.1)"
    job = event(1, (AKTIVITETSGRUPPER, "J10", None), service=JOBCENTER, school="280999")
    assert [(one.maerke, one.hovedinstitution) for one in opmaerkninger([job], youth(), CODES, DAY)] == [
        (Maerke.IKKE_UDDANNELSE, "280999")
    ]
    assert marks([event(1, HF, ifoelge_kommunen="Risiko")]) == [], "a kommune's mark is no forløb"


def test_the_first_mark_that_holds_counts():
    # Each case has the mark of its own row and of every later one that can hold beside it.
    over, gone, no_optag = youth(26, "90"), youth(26), event(1, GONE, date(2026, 11, 1), status=2)
    assert marks([replace(event(1, HF), annulleret=True)], over) == [Maerke.ANNULLERET]
    assert marks([no_optag], over) == [Maerke.UDEN_BOPAEL]
    assert marks([no_optag], gone) == [Maerke.ALDER]
    assert marks([no_optag]) == [Maerke.UDEN_OPTAG]
    assert marks([event(1, GONE, date(2026, 11, 1))]) == [Maerke.UGYLDIG_KODE]
    assert marks([activity(1, "K56", date(2026, 11, 1))]) == [Maerke.ENDNU_IKKE]
    assert marks([activity(1, "K56"), replace(activity(2, "K56", DAY), status=2)]) == [Maerke.AFSLUTTET_FOER]


def test_an_overlap_gives_way_to_the_later_optag_at_another_main_institution():
    early, late = event(1, HF), event(2, GYM, date(2026, 9, 1), school=OTHER)
    found = opmaerkninger([early, late], youth(), CODES, DAY)
    assert [(one.maerke, one.hovedinstitution) for one in found] == [
        (Maerke.OVERLAP, SCHOOL),
        (Maerke.TAELLER_MED, OTHER),
    ]
    assert found[0].modpart == found[1].forloeb
    assert marks([early, replace(late, haendelse_dato=AUG)]) == [Maerke.TAELLER_MED] * 2, "the same day: none is later"
    assert marks([early, event(2, GYM, date(2026, 9, 1))]) == [Maerke.TAELLER_MED] * 2, "the same institution"
    fgu = event(2, FGU_FORMAAL, date(2026, 9, 1), school=OTHER, service=FGU)
    assert marks([early, fgu]) == [Maerke.TAELLER_MED] * 2, "another kind"
    dropped = event(2, GONE, date(2026, 9, 1), school=OTHER)
    assert sorted(marks([early, dropped])) == [Maerke.TAELLER_MED, Maerke.UGYLDIG_KODE], "what is dropped drops none"


DAYS = st.integers(-900, 60).map(lambda days: DAY + timedelta(days=days))
REPORTED = [
    *((code, UNGDOMSUDDANNELSE) for code in (GYM, HF, EUD, GF2, GONE, formaal("optagelsesproeve"))),
    (FGU_FORMAAL, FGU),
    (TENTH, FORBEREDENDE_AKTIVITET),
    (UNKNOWN, VIDEREGAAENDE),
    *(((KOMMUNE_AKTIVITETER, kode, None), KOMMUNE_AKTIVITET) for kode in ("K02", "K12", "K53", "K54", "K56", "K99")),
    ((AKTIVITETSGRUPPER, "J10", None), JOBCENTER),
]


@st.composite
def histories(draw):
    """Draw one youth's events, each with the place and ForloebId that the service would give it."""
    events = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        code, service = draw(st.sampled_from(REPORTED))
        made = event(
            number,
            code,
            draw(DAYS),
            draw(st.sampled_from((1, 1, 1, 2, 3))),
            draw(st.sampled_from((SCHOOL, OTHER))),
            service,
            forloeb=draw(st.integers(1, 3)) * 10,
            frafaldstruet_markering=draw(st.booleans()),
            annulleret=draw(st.integers(0, 5)) == 0,
        )
        repeated = draw(st.sampled_from(events)) if events and draw(st.integers(0, 5)) == 0 else None
        if repeated is not None and not repeated.gentaget:
            events[events.index(repeated)] = replace(repeated, gentaget=True)
            made = replace(made, plads=repeated.plads, gentager=repeated.nummer)
        events.append(made)
    return events


YOUTHS = st.builds(youth, st.integers(14, 26), st.sampled_from(("01", "01", "03", "80", "90")))


@given(histories(), YOUTHS)
@settings(max_examples=size(small=150, large=10_000), deadline=None)
@pytest.mark.large
def test_what_counts_is_what_the_youth_is_in_u_by(events, whom):
    whom = replace(whom, courses=courses_of(events, CODES))
    found = opmaerkninger(events, whom, CODES, DAY)
    counted = [one.forloeb for one in found if one.maerke is Maerke.TAELLER_MED]
    resident = in_population(whom, DAY)
    assert bool(counted) == (resident and in_education(whom, DAY))
    by = [one for one in whom.courses if one.gyldig and one.slags in IN_EDUCATION and one.is_open(DAY)]
    # Of those of one kind, what began last elsewhere is what the youth is in.
    latest = [
        one.forloeb
        for one in by
        if not any(
            other.slags is one.slags and other.fra > one.fra and other.forloeb.key[2] != one.forloeb.key[2]
            for other in by
        )
    ]
    assert sorted(counted, key=repr) == sorted(latest if resident else [], key=repr)


@given(histories(), YOUTHS)
@settings(max_examples=size(small=100, large=5_000), deadline=None)
@pytest.mark.large
def test_every_stored_forloeb_has_one_mark(events, whom):
    found = opmaerkninger(events, whom, CODES, DAY)
    assert sorted(tuple(e.nummer for e in one.events) for one in found) == sorted(stored(events))


def stored(events):
    """Yield the numbers of each stored forløb's events, read slowly."""
    keys = {}
    for one in events:
        keys.setdefault(key_of(one.kodesaet, one.kode, one.hovedinstitution), []).append(one)
    for members in keys.values():
        yield from (tuple(f"UDB-{number:023}" for number in group) for group in slowly(members))
    for name in {one.forloeb_id for one in events}:
        members = [one for one in events if one.forloeb_id == name]
        if not any(one.standing for one in members):
            yield tuple(one.nummer for one in members)


@pytest.mark.large
def test_the_seeds_marks_sum_to_its_stored_forloeb_at_every_main_institution(engine):
    make(engine, size(small=300, large=20_000))
    with reading(engine) as connection:
        codes = load_codes(connection)
        people = connection.execute(select(person)).all()
        found, expected = [], Counter()
        for begin in range(0, len(people), 500):
            batch = {row.id: row for row in people[begin : begin + 500]}
            for number, events in events_by_person(connection, batch).items():
                row = batch[number]
                whom = Youth(row.status, row.turns_15, row.turns_25, row.turns_30)
                found += opmaerkninger(events, whom, codes, TODAY)
                formed = [one for one in events if one.kode is not None and one.ifoelge_kommunen is None]
                at = {one.nummer: one.hovedinstitution for one in events}
                expected.update(at[members[0]] for members in stored(formed))
    by_school = sums(found)
    assert {number: one.total() for number, one in by_school.items()} == expected
    country = sum(by_school.values(), Counter())
    assert country.total() == expected.total() > size(small=300, large=20_000)
    assert {Maerke.ANNULLERET, Maerke.ALDER, Maerke.AFSLUTTET_FOER, Maerke.TAELLER_MED} <= country.keys()
