"""Reconciliation in tests: the worked world of docs/spec/reconciliation.md, and lists as files."""

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Engine, select

from tests.support.endpoint import Endpoint
from tests.support.reporting import agree
from tests.support.world import KOMMUNE, World, built
from udb.callers.systems import WEB
from udb.context import Context
from udb.domain.call import Call
from udb.domain.formaal import Formaal
from udb.domain.services import DATA_TIL_KOMMUNE, KONTAKTPERSON
from udb.hentning.reconciliation.file import read
from udb.hentning.reconciliation.kinds import COLUMNS, Hvad
from udb.hentning.reconciliation.marks import Resultat
from udb.hentning.reconciliation.run import reconcile
from udb.sandbox import mark
from udb.settings import Settings
from udb.store import state
from udb.store.engine import make_engine, reading, writing
from udb.store.tables.log import read_log
from udb.wsdl.use_cases import application

A, B, C, D, E_, I_ = (f"71030751{number:02}" for number in (1, 2, 3, 4, 5, 9))
F: Final = "7103005106"
"""26 years old in August 2026."""
G: Final = "7103075107"
"""Lives in another kommune."""
H: Final = "7103075108"
"""No one's number."""
TRANSACTION: Final = "kald-af-e"
HEAD: Final = "CPRNr;KontaktNavn;KontaktMail;KontaktTelefon;reference"


def contact(cprnr: str, **more: Any) -> dict[str, Any]:
    """Return a kommune's report of a contact person."""
    return {
        "CPRNr": cprnr,
        "InstitutionNummer": KOMMUNE,
        "KontaktNavn": "Test Jensen",
        "KontaktMail": "test@jensen.dk",
        "KontaktTelefon": "23456789",
        **more,
    }


def worked(url: str) -> None:
    """Build the worked world in a database: the youths a to i, the kommune's contacts of a to d, the refusal of e."""
    built(url)
    engine = make_engine(url)
    world = World(engine)
    world.clock("2026-08-17T10:00:00")
    endpoint = Endpoint(application(Context(engine, Settings(sandbox=True)), {}))
    with writing(engine) as connection:
        state.write(connection, mark.SANDBOX, {})
    for cprnr in (A, B, C, D, E_, F, I_):
        world.person(cprnr)
    world.person(G, kommune="751")
    for cprnr in (A, B, C, D):
        assert endpoint.report(KONTAKTPERSON, contact(cprnr))["Resultat"] == "Accepteret"
    bare = contact(E_, KontaktMail=None, KontaktTelefon=None)
    assert endpoint.report(KONTAKTPERSON, bare, TRANSACTION)["Resultat"] == "Afvist"
    agree(engine, KOMMUNE)
    engine.dispose()


WORKED: Final = (
    HEAD,
    f"{A};Test Jensen;test@jensen.dk;+45 23 45 67 89;a",
    f"{B};test  jensen;anden@jensen.dk;23456789;b",
    f"{B};Test Jensen;test@jensen.dk;23456789;b igen",
    f"{E_};Test Jensen;;;e",
    f"{F};Test Jensen;test@jensen.dk;23456789;f",
    f"{G};Test Jensen;test@jensen.dk;23456789;x",
    f"{H};Test Jensen;test@jensen.dk;23456789;x",
    "103075103;Test Jensen;test@jensen.dk;23456789;ni cifre",
    f"{I_};Test Jensen;test@jensen.dk;23456789;i",
)
"""The worked file, lines 1 to 10."""


def list_file(rows: Sequence[Sequence[str]], *, delimiter: str = ";", end: str = "\n") -> str:
    """Return rows as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def call(nummer: str = KOMMUNE) -> Call:
    """Return the call of a page."""
    return Call(
        correlation_id="c",
        system_id=WEB,
        service=DATA_TIL_KOMMUNE,
        operation="Afstemning",
        institution_nummer=nummer,
        transaction_id="t",
        bruger="unilogin:admin",
        formaal=Formaal.AFSTEMNING,
    )


def reconciled(
    context: Context, content: str | bytes, hvad: Hvad = Hvad.KONTAKT, nummer: str = KOMMUNE, **days: Any
) -> Resultat:
    """Reconcile a list; return the result."""
    raw = content if isinstance(content, bytes) else content.encode()
    columns = COLUMNS[hvad]
    found = read(raw, columns.required, columns.optional)
    asked = (days.get(name) for name in ("dag", "fra", "til"))
    return reconcile(context, call(nummer), hvad, found, *asked)


def marks(result: Resultat) -> list[str]:
    """Return the marks of the rows, in their order."""
    return [one.maerke.value for one in result.linjer]


def last_logged(engine: Engine) -> Any:
    """Return the newest row of the read log."""
    with reading(engine) as connection:
        return connection.execute(select(read_log).order_by(read_log.c.id.desc()).limit(1)).one()
