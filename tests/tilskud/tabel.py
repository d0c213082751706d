"""The decision table of the two grants: its rows, and the page made from them: ``python -m tests.tilskud.tabel``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from tests.tilskud.answers import Reported, reported
from udb.paths import ROOT

FILE: Final = Path(__file__).parent / "tabel.yml"
PAGE: Final = ROOT / "docs" / "tilskud-og-henvisning.md"
OUTSIDE: Final = "outside"
WORKS: Final = Decimal(54)
TITLES: Final = {
    "udslusning": "Udslusningstilskud (`HentUdslusningstilskud`)",
    "henvisning": "Henvisning (`HentStatusHenvisning`)",
}
HEAD: Final = """# Udslusningstilskud and henvisning, case by case

Made from `tests/tilskud/tabel.yml` by `make docs`. Tests play every row through the pure judgement and through the SOAP
endpoint. The rules are in [rules.md](spec/rules.md), the codes in [the rule book](regler/README.md), and what was
decided here in [Interpretations](fortolkninger.md).

Reports are listed in the order in which they were made, each on its own day: `FGU optag 2026-01-05`. Unless a row says
otherwise, each kind is reported by its own institution. `fgu_afdeling` and `gymnasium_afdeling` are departments of the
main institution that asks; `andet_…` is another institution.

`EUD` is a main course, `GF1` and `GF2` its basic courses. `STADS` is a higher education, `ADGANG` an access course,
`KLASSE10` 10th grade, `AKTIVITET` a preparatory activity, `TEST` an admission test, `KOMMUNE` an activity of the
kommune's. Work is the unrounded grad of a month; a month that is not listed is not delivered.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One case. ``work``: by the first day of the month; None: outside the population. ``answer``: as in the table."""

    grant: str
    section: str
    case: str
    history: tuple[Reported, ...]
    lines: tuple[str, ...]
    work: Mapping[date, Decimal | None]
    asked: date
    answer: str

    @property
    def worked(self) -> dict[date, bool]:
        """Return the months that are known, as the judgement takes them."""
        return {month: degree >= WORKS for month, degree in self.work.items() if degree is not None}

    def __str__(self) -> str:
        return f"{self.grant}: {self.section}: {self.case}"


@cache
def rows() -> tuple[Row, ...]:
    """Return every row of both tables."""
    return tuple(_rows())


def _rows() -> Iterator[Row]:
    # Every value as text: a month is no date, and "no" is an answer.
    tables: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), yaml.BaseLoader)
    for grant, sections in tables.items():
        for section in sections:
            for row in section["rows"]:
                yield Row(
                    grant=grant,
                    section=section["section"],
                    case=row["case"],
                    history=tuple(map(reported, row["history"])),
                    lines=tuple(row["history"]),
                    work={
                        date.fromisoformat(f"{month}-01"): _degree(text) for month, text in row.get("work", {}).items()
                    },
                    asked=date.fromisoformat(row["asked"]),
                    answer=row["answer"],
                )


def _degree(text: str) -> Decimal | None:
    return None if text == OUTSIDE else Decimal(text)


def page() -> str:
    """Return the page."""
    lines = [HEAD]
    section = ""
    for number, row in enumerate(rows(), start=1):
        if f"{row.grant} {row.section}" != section:
            if not section.startswith(row.grant):
                lines.append(f"## {TITLES[row.grant]}\n")
            section = f"{row.grant} {row.section}"
            lines += [f"### {row.section}\n", *_heading(row.grant)]
        lines.append(_line(number, row))
        following = rows()[number] if number < len(rows()) else None
        if following is None or f"{following.grant} {following.section}" != section:
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _heading(grant: str) -> tuple[str, str]:
    work = " work |" if grant == "udslusning" else ""
    return f"| no | case | reports |{work} asked | answer |", "|---" * (5 + bool(work)) + "|"


def _line(number: int, row: Row) -> str:
    reports = "<br>".join(row.lines) or "none"
    work = (
        "<br>".join(f"{month:%Y-%m}: {OUTSIDE if d is None else d}" for month, d in row.work.items())
        or "none delivered"
    )
    cells = (
        str(number),
        row.case,
        reports,
        *((work,) if row.grant == "udslusning" else ()),
        str(row.asked),
        row.answer,
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
