"""``udb reconcile``: compare a list of another system with what an institution or a kommune has in UDB."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from udb.cli import groups, output, values

if TYPE_CHECKING:
    from udb.hentning.reconciliation.marks import Resultat

_File = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        readable=True,
        metavar="FILE",
        help="CSV in UTF-8 or Windows-1252 with the columns of the template.",
    ),
]
_Institution = Annotated[
    str, typer.Option(metavar="INSTITUTION", help="The institution's or kommune's number: whose list it is.")
]
_Date = Annotated[
    date | None, typer.Option(parser=values.day, metavar="YYYY-MM-DD", help="The list's day; without it: today.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    found = groups.group(app, "reconcile")
    found.command()(kontakt)
    found.command()(forloeb)
    found.command()(afbrud)


def kontakt(file: _File, institution: _Institution, as_json: output.Json = False) -> None:
    """Compare contact persons: CPRNr;KontaktNavn;KontaktMail;KontaktTelefon;reference.

    Each row gets one mark (docs/spec/reconciliation.md). The read log names the youths that were found.
    """
    _reconcile("kontakt", file, institution, None, as_json=as_json)


def forloeb(file: _File, institution: _Institution, date: _Date = None, as_json: output.Json = False) -> None:
    """Compare the forløb open on a day: CPRNr;Kode;DatoOptag;Slutdato;Status;InstitutionNummer;reference.

    Each row gets one mark (docs/spec/reconciliation.md). The read log names the youths that were found.
    """
    _reconcile("forloeb", file, institution, date, as_json=as_json)


def afbrud(file: _File, institution: _Institution, date: _Date = None, as_json: output.Json = False) -> None:
    """Compare the afbrud of the year up to a day: CPRNr;Kode;HaendelseDato;AfbrudsarsagsKode;InstitutionNummer.

    Each row gets one mark (docs/spec/reconciliation.md). The read log names the youths that were found.
    """
    _reconcile("afbrud", file, institution, date, as_json=as_json)


def _reconcile(kind: str, file: Path, institution: str, day: date | None, *, as_json: bool) -> None:
    from udb import settings
    from udb.cli.database import opened
    from udb.context import Context
    from udb.domain.errors import FileUnusable
    from udb.hentning.reconciliation.file import FileFaultyError, read
    from udb.hentning.reconciliation.kinds import COLUMNS, Hvad
    from udb.hentning.reconciliation.run import reconciled
    from udb.readlog.lookup import log_command
    from udb.sandbox.mark import is_sandbox
    from udb.store.engine import reading

    columns = COLUMNS[Hvad(kind)]
    with opened() as engine:
        try:
            found = read(file.read_bytes(), columns.required, columns.optional)
        except FileFaultyError as fault:
            raise FileUnusable(f"{file}: {fault.text}") from None
        loaded = settings.load()
        with reading(engine) as connection:
            sandbox = is_sandbox(connection) or loaded.sandbox
        result = reconciled(
            Context(engine, loaded.model_copy(update={"sandbox": sandbox})),
            institution,
            Hvad(kind),
            found,
            (day, None, day),
            lambda connection, persons, clause: log_command(
                connection, f"udb reconcile {kind}", persons if clause else (), institution
            ),
        )
    _print(result, as_json=as_json)


def _print(result: Resultat, *, as_json: bool) -> None:
    from udb.hentning.reconciliation.marks import Maerke

    rows = [*_rows(result), *_lacking(result)]
    if as_json:
        counts = {mark.value: result.antal[mark] for mark in Maerke if mark is not Maerke.KUN_I_UDB}
        udb = {
            "in_scope": result.i_udb,
            "fundet": result.genfundet.get(Maerke.FUNDET, 0),
            "afviger": result.genfundet.get(Maerke.AFVIGER, 0),
            "kun_i_udb": len(result.kun_i_udb),
            "other_mark": result.andet_maerke,
        }
        output.document(output.plain({"rows": len(result.linjer), "marks": counts, "udb": udb, "result": rows}))
        return
    output.rows(_COLUMNS, rows, as_json=False)
    marks = " + ".join(f"{count} {mark}" for mark in Maerke if (count := result.antal[mark]))
    typer.echo(f"{len(result.linjer)} rows = {marks}")
    typer.echo(
        f"UDB's {result.i_udb} = {result.genfundet.get(Maerke.FUNDET, 0)} fundet + "
        f"{result.genfundet.get(Maerke.AFVIGER, 0)} afviger + {len(result.kun_i_udb)} kun_i_udb"
        + (f" + {result.andet_maerke} in rows with another mark" if result.andet_maerke else "")
    )


_COLUMNS = {
    "line": "line",
    "reference": "reference",
    "cpr": "cpr",
    "mark": "mark",
    "elements": "elements",
    "theirs": "theirs",
    "ours": "ours",
    "codes": "codes",
    "transaction": "transaction",
    "time": "time",
    "number": "number",
    "reported_by": "reported by",
    "registered": "registered",
}


def _rows(result: Resultat) -> list[dict[str, Any]]:
    return [
        {
            "line": one.linje,
            "reference": one.reference,
            "cpr": one.cpr,
            "mark": one.maerke.value,
            "elements": ", ".join(differing.element for differing in one.afvigelser),
            "theirs": ", ".join(differing.deres for differing in one.afvigelser),
            "ours": ", ".join(differing.vores for differing in one.afvigelser),
            "codes": " ".join(one.koder),
            "transaction": one.transaktion,
            "time": one.tid,
            "number": one.nummer,
            "reported_by": one.af,
            "registered": one.registreret,
        }
        for one in result.linjer
    ]


def _lacking(result: Resultat) -> list[dict[str, Any]]:
    return [
        dict.fromkeys(_COLUMNS)
        | {
            "cpr": one.cpr,
            "mark": "kun_i_udb",
            "elements": ", ".join(name for name, value in one.felter.items() if value),
            "ours": ", ".join(value for value in one.felter.values() if value),
            "number": one.nummer,
            "reported_by": one.af,
            "registered": one.registreret,
        }
        for one in result.kun_i_udb
    ]
