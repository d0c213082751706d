"""Drop-out: what became of a cohort after twelve months, how those who left did, and what they do later."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import Connection

from udb.portal.figures.leaving import NOT_COUNTED, is_counted, leaving
from udb.portal.figures.place import chosen_run, one_of, place
from udb.portal.figures.screen import Choice, Screen, foot_of, months, notes_of
from udb.portal.figures.table import Cell, Table, count, percent, words
from udb.portal.state import house
from udb.statistics import frozen
from udb.statistics.definitions.frafald import CHECKPOINTS, EFTER_AFBRUD, FRAFALD, Efter, Udfald, final_from
from udb.statistics.frozen import Run
from udb.statistics.seen import Counts, together
from udb.store.state import CODE_EDITION, read

EDUCATIONS: Final[Mapping[str, str]] = {
    "gymnasial": "Gymnasiale uddannelser og hf",
    "eud": "Erhvervsuddannelser",
    "fgu": "FGU",
}
COHORT: Final = (
    ("ej_moedt", "Ej mødt (ikke i årgangen)"), ("kohorte", "Årgang"), ("hurtig_fuldfoert", "Fuldført"),
    ("hurtig_i_gang", "I gang"), ("hurtig_skiftet", "Skiftet"), ("hurtig_afbrudt", "Afbrudt"),
)  # fmt: skip
AFTER: Final = (
    (Efter.I_UDDANNELSE, "I uddannelse"), (Efter.I_JOB, "I job"), (Efter.BEGGE, "Begge dele"), (Efter.INGEN, "Ingen"),
    (Efter.UKENDT, "Ukendt"), (Efter.ENDNU_IKKE, "Endnu ikke"),
)  # fmt: skip


def drop_out(connection: Connection) -> Screen:
    """Return the screen that a request asks for."""
    here, kind = place(connection), one_of("uddannelse", list(EDUCATIONS))
    days = frozen.published_days(connection, FRAFALD.kort)
    run = chosen_run(days)
    choices = [Choice("uddannelse", "Uddannelse", EDUCATIONS, kind), months(days, run)]
    if run is None:
        return Screen(here, choices, definition=FRAFALD)
    counts, country = here.counts(connection, run)
    years, of_whom = _years(country.grupper, kind), f"{EDUCATIONS[kind]}, {here.navn}"
    tables, notes = [_cohorts(counts, years, kind, run, of_whom)], notes_of(run)
    if not is_counted(country):
        notes.append(NOT_COUNTED)
    elif years:
        codes = house().context.codes.get(connection, read(connection, CODE_EDITION) or 0)
        tables += leaving(counts, country, {year: f"{kind} {year}" for year in years}, of_whom, codes)
    after = frozen.published(connection, EFTER_AFBRUD.kort, run.dag)
    foot = foot_of(run, FRAFALD)
    if after is not None:
        counts, country = here.counts(connection, after)
        tables += [_after(counts, kind, year, of_whom) for year in _years(country.grupper, kind)]
        foot.append(f"{EFTER_AFBRUD.navn}, version {after.version}: {EFTER_AFBRUD.formel}")
    return Screen(here, choices, tables, notes, foot, run=run, definition=FRAFALD)


def _years(grupper: list[str], kind: str) -> list[int]:
    """Return the school years of a kind of education, the latest first: those of the whole country."""
    return sorted({int(one.split()[1]) for one in grupper if one.split()[0] == kind}, reverse=True)


def _cohorts(counts: Counts, years: list[int], kind: str, run: Run, of_whom: str) -> Table:
    rows = []
    for year in years:
        gruppe = f"{kind} {year}"

        def of(maal: str, gruppe: str = gruppe) -> int | None:
            return counts.get(maal, gruppe=gruppe)

        left, whole = of("hurtig_afbrudt"), of("kohorte")
        state = "endelig" if final_from(date(year + 1, 7, 31)) <= run.dag else "foreløbig"
        rows.append(
            [
                words(f"{year}/{year + 1}"),
                *(count(of(maal)) for maal, _ in COHORT),
                percent(left, whole),
                percent(together([left, of(f"hurtig_{Udfald.SKIFTET}")]), whole),
                count(of(f"endelig_{Udfald.AFBRUDT}")),
                percent(of(f"endelig_{Udfald.AFBRUDT}"), whole),
                words(state),
            ]
        )
    columns = [
        ("skoleaar", "Begyndt i skoleåret"), *COHORT, ("frafald", "Frafald"),
        ("frafald_med_skift", "Frafald med skift"), ("endelig_afbrudt", "Afbrudt, uden pause"),
        ("frafald_endelig", "Frafald, uden pause"), ("tilstand", "Uden pause er"),
    ]  # fmt: skip
    return Table("aargange", f"{of_whom}: status tolv måneder efter starten", columns, rows)


def _after(counts: Counts, kind: str, year: int, of_whom: str) -> Table:
    rows: list[list[Cell]] = []
    for months_after in CHECKPOINTS:
        found = {maal: counts.get(maal, gruppe=f"{kind} {year} +{months_after:02}") for maal, _ in AFTER}
        whole = together(value for maal, value in found.items() if maal is not Efter.ENDNU_IKKE)
        shares = (percent(found[maal], whole) for maal, _ in AFTER if maal is not Efter.ENDNU_IKKE)
        rows.append([words(f"{months_after} måneder"), *(count(found[maal]) for maal, _ in AFTER), *shares])
    columns = [
        ("efter", "Efter afbruddet"),
        *((maal.value, titel) for maal, titel in AFTER),
        *((f"andel_{maal}", f"{titel}, andel") for maal, titel in AFTER if maal is not Efter.ENDNU_IKKE),
    ]
    return Table(f"efter_{year}", f"{of_whom}: efter afbrud i skoleåret {year}/{year + 1}", columns, rows)
