"""Frozen figures: what is written is read again, and nothing that was written changes."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from udb.domain.clock import DANISH
from udb.statistics import frozen
from udb.statistics.frozen import Figure, Run, Status
from udb.statistics.suppression import Skjult
from udb.store.engine import reading, writing

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
PROVISIONAL = Run(
    definition="restgruppe",
    version="v1",
    dag=OCTOBER,
    koersel=1,
    status=Status.FORELOEBIG,
    indkomst_maaned=date(2026, 9, 30),
    beregnet=datetime(2026, 10, 1, 3, tzinfo=DANISH),
    beregnet_af_nummer="UDB-00000000000000000000123",
    frosset=False,
    dagens_bopael=False,
)
FINAL = replace(PROVISIONAL, koersel=2, status=Status.ENDELIG, indkomst_maaned=date(2026, 10, 31), frosset=True)
LATER = replace(FINAL, koersel=3, frosset=False)


def counts(country, kommune, skjult=Skjult.INGEN):
    return [
        Figure(kommunekode=None, maal="restgruppe", antal=country),
        Figure(kommunekode=None, maal="restgruppe", antal=country, alder="15-17", koen="K"),
        Figure(kommunekode="851", maal="restgruppe", antal=kommune, skjult=skjult),
        Figure(kommunekode="851", maal="restgruppe", antal=0, alder="15-17", koen="K"),
    ]


def test_a_frozen_run_stays_the_published_one(engine):
    with writing(engine) as connection:
        assert frozen.published(connection, "restgruppe", OCTOBER) is None
        assert frozen.latest(connection, "restgruppe", OCTOBER) is None
        assert frozen.next_number(connection, "restgruppe", OCTOBER) == 1
        # A count of 0 is stored for the whole country alone.
        assert frozen.write(connection, PROVISIONAL, counts(0, 0)) == 2
        assert frozen.published(connection, "restgruppe", OCTOBER) == PROVISIONAL
        assert frozen.next_number(connection, "restgruppe", OCTOBER) == 2
        assert not frozen.is_frozen(connection, "restgruppe", OCTOBER, "v1")
        frozen.write(connection, FINAL, counts(7, 3, Skjult.SEKUNDAER))
        frozen.write(connection, LATER, counts(8, 4))
        frozen.write(connection, replace(PROVISIONAL, dag=NOVEMBER), counts(9, 5))
    with reading(engine) as connection:
        assert frozen.is_frozen(connection, "restgruppe", OCTOBER, "v1")
        assert frozen.runs(connection, "restgruppe", days=[OCTOBER]) == [PROVISIONAL, FINAL, LATER]
        assert frozen.published(connection, "restgruppe", OCTOBER) == FINAL
        assert frozen.latest(connection, "restgruppe", OCTOBER) == LATER
        assert list(frozen.published_days(connection, "restgruppe").items()) == [
            (OCTOBER, FINAL), (NOVEMBER, replace(PROVISIONAL, dag=NOVEMBER)),
        ]  # fmt: skip
        assert frozen.figures(connection, FINAL) == counts(7, 3, Skjult.SEKUNDAER)[:3]
        totals = frozen.figures(connection, FINAL, kommuner=[None], totals_only=True)
        assert totals == counts(7, 3)[:1]
        line = frozen.series(connection, "restgruppe", "851", ["restgruppe"])
        assert [(run.dag, found["restgruppe"].antal) for run, found in line] == [(OCTOBER, 3), (NOVEMBER, 5)]
        assert frozen.runs(connection, "kui") == []


def test_a_number_is_taken_once(engine):
    with writing(engine) as connection:
        frozen.write(connection, FINAL, counts(7, 3))
    with pytest.raises(IntegrityError), writing(engine) as connection:
        frozen.write(connection, FINAL, counts(8, 4))
