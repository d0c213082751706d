"""Frozen figures for pages: two years of months of invented youths, with their signs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from random import Random
from typing import Final

from sqlalchemy import Engine

from tests.support.invented_figures import figures_of, invent
from udb.domain.clock import DANISH, add_months, month_end
from udb.statistics import frozen
from udb.statistics.frozen import Figure, Run, Status
from udb.statistics.hiding import with_signs
from udb.store.engine import writing

LIMIT = 5
DAY = date(2026, 8, 1)
NUMMER = "UDB-00000000000000000000123"


def run_of(definition: str, dag: date, *, version: str = "v1", final: bool = True, koersel: int = 1) -> Run:
    """Return a run of a day; one that is not final used the month before."""
    return Run(
        definition=definition,
        version=version,
        dag=dag,
        koersel=koersel,
        status=Status.ENDELIG if final else Status.FORELOEBIG,
        indkomst_maaned=month_end(dag if final else add_months(dag, -1)),
        beregnet=datetime(dag.year, dag.month, 28, 3, tzinfo=DANISH),
        beregnet_af_nummer=NUMMER,
        frosset=final,
        dagens_bopael=dag < date(2025, 2, 1),
    )


def freeze(engine: Engine, dag: date, found: Mapping[str, Sequence[Figure]], *, final: bool = True) -> None:
    """Freeze the figures of a day, with their signs."""
    keep(engine, dag, with_signs(found, LIMIT), final=final)


def keep(engine: Engine, dag: date, signed: Mapping[str, Sequence[Figure]], *, final: bool = True) -> None:
    """Freeze figures that have their signs."""
    with writing(engine) as connection:
        for name, figures in signed.items():
            frozen.write(connection, run_of(name, dag, final=final), figures)


KOMMUNER: Final = ("101", "751", "147", "461")


@cache
def signed_figures(seed: int) -> Mapping[str, Sequence[Figure]]:
    """Return the figures of kommuner of different sizes, with their signs."""
    names = {f"{101 + number}": kode for number, kode in enumerate(KOMMUNER)}
    youths = [replace(one, kommune=names[one.kommune]) for one in invent(Random(seed), len(KOMMUNER), 700)]
    return with_signs(figures_of(youths), LIMIT)


def freeze_months(engine: Engine) -> None:
    """Freeze the months of a year before DAY, of the month before it, and of DAY itself, which is provisional."""
    for seed, back in enumerate((12, 1, 0)):
        keep(engine, add_months(DAY, -back), signed_figures(seed + 3), final=back > 0)
