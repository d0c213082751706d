"""Reports from a file: each line is a form of its own, judged by the same rules under a hidden id of its own."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MultiDict

from udb.domain import elementer as e
from udb.domain.errors import NoDataaftale
from udb.domain.haendelse import Indberetning
from udb.domain.receipt import Fejl, Receipt
from udb.domain.services import FGU
from udb.indberetning.take import take_report
from udb.portal.reporting.faults import Fault, advice, by_field, hard
from udb.portal.reporting.forms import AKTIVITET, ART, KLASSETRIN, PERIODE, Lists, form_of
from udb.portal.reporting.place import Place
from udb.portal.reporting.tasks import Hvad, Task
from udb.portal.reporting.to_report import call_of, report_of
from udb.portal.state import house

MOST: Final = 200
"""How many lines a file may have."""
REFERENCE: Final = "reference"
"""The column that the sender fills in as it likes, to find the line again."""
_HVAD: Final = {"1": Hvad.OPTAGET, "2": Hvad.AFBRUDT, "3": Hvad.GENNEMFOERT}
_YES: Final = frozenset({"true", "1", "ja"})
_NOT_FIELDS: Final = frozenset({REFERENCE, e.STATUS, e.FRAFALDSTRUET_MARKERING})
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


class FileFaultyError(Exception):
    """The file cannot be read; its text says why, in Danish."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was judged. ``number``: in the file, its head is 1. ``report``: None when its form refuses it."""

    number: int
    reference: str
    faults: Sequence[Fault]
    raad: Sequence[Fejl]
    report: Indberetning | None

    @property
    def is_valid(self) -> bool:
        """Whether it can be sent."""
        return self.report is not None and not self.faults


def read(text: str) -> list[dict[str, str]]:
    """Return the lines of a file by column. Raises FileFaultyError."""
    head = text.partition("\n")[0]
    try:
        reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in head else ",", restkey="", strict=True)
        rows = list(reader)
    except csv.Error:
        raise FileFaultyError("Filen er ikke en CSV-fil.") from None
    columns = [name.strip() for name in reader.fieldnames or ()]
    unknown = sorted(set(columns) - set(e.ATTRIBUTE) - {REFERENCE})
    if unknown or e.CPRNR not in columns or e.STATUS not in columns:
        wanted = f"Første linje skal have kolonnernes navne, mindst {e.CPRNR} og {e.STATUS}."
        raise FileFaultyError(f"{wanted} Ukendt: {', '.join(unknown)[:_SHOWN]}." if unknown else wanted)
    if not rows:
        raise FileFaultyError("Filen har ingen linjer under kolonnernes navne.")
    if len(rows) > MOST:
        raise FileFaultyError(f"Filen har {len(rows)} linjer. Del den, så hver fil har højst {MOST}.")
    if any("" in row or None in row.values() for row in rows):
        raise FileFaultyError("En linje har flere eller færre felter end den første.")
    return [{name.strip(): (value or "").strip() for name, value in row.items()} for row in rows]


_SHOWN: Final = 200


def judged(rows: Sequence[Mapping[str, str]], service: str, here: Place, base: str) -> list[Line]:
    """Return the lines, each judged without being stored; ``base``: of their hidden ids."""
    return [_judged(row, number, service, here, base) for number, row in enumerate(rows, 2)]


def sent(line: Line, base: str) -> Receipt | None:
    """Report a valid line and return its receipt; None without an agreement."""
    assert line.report is not None, "only valid lines are sent"
    return _taken(line.report, f"{base}-{line.number}", validate_only=False)


def _judged(row: Mapping[str, str], number: int, service: str, here: Place, base: str) -> Line:
    reference = row.get(REFERENCE, "")[:_SHOWN]
    hvad = _HVAD.get(row[e.STATUS])
    if hvad is None:
        return Line(number, reference, [Fault("Status skal være 1, 2 eller 3.")], (), None)
    risk = row.get(e.FRAFALDSTRUET_MARKERING, "").lower() in _YES
    task = Task(service, Hvad.RISIKO if risk and hvad is Hvad.OPTAGET else hvad)
    lists = Lists(here.reporting(service), here.codes, here.day, here.day)
    said = MultiDict(_typed(row, service))
    form = form_of(task, lists, said)
    unused = sorted(
        name
        for name, value in row.items()
        if value and name not in form and name not in _NOT_FIELDS and not (service == FGU and name in _PERIODE)
    )
    faults = [Fault(f"{name} kan ikke bruges her.") for name in unused]
    if risk and hvad is not Hvad.OPTAGET:
        faults.append(Fault("FrafaldstruetMarkering hører til Status 1."))
    if not form.validate():
        faults += [
            Fault(f"{form[name].label.text}: {one.text}") for name, found in by_field(form, ()).items() for one in found
        ]
    if faults:
        return Line(number, reference, faults, (), None)
    report = report_of(task, form, here.codes)
    receipt = _taken(report, f"{base}-{number}", validate_only=True)
    if receipt is None:
        return Line(number, reference, [Fault("Afdelingen er ikke godkendt til at indberette manuelt.")], (), None)
    refused = [Fault(line.fejl_tekst, None, line.fejl_kode) for line in hard(receipt)]
    return Line(number, reference, refused, advice(receipt), report)


_PERIODE: Final = frozenset({e.SKOLEPERIODE, e.SPECIALE})


def _typed(row: Mapping[str, str], service: str) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if name == e.HAENDELSE_DATO:
            found = _ISO.fullmatch(value)
            yield f"{name}-dag", f"{found[3]}-{found[2]}-{found[1]}" if found else value
        else:
            yield name, value
    if service == FGU:
        yield PERIODE, f"{row.get(e.SKOLEPERIODE, '')}|{row.get(e.SPECIALE, '')}"
    yield ART, AKTIVITET if row.get(e.FORBEREDENDE_AKTIVITETS_KODE) else KLASSETRIN


def _taken(report: Indberetning, transaction: str, *, validate_only: bool) -> Receipt | None:
    call = call_of(report.service, report.institution_nummer, transaction, validate_only=validate_only)
    try:
        return take_report(house().context, call, report)
    except NoDataaftale:
        return None
