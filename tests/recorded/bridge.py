"""The only module of the recorded set that imports from ``udb`` or from the other tests' helpers.

When something moves or gets another name, adapt this file. Calls and answers are bytes: they stay as they are.
"""

import io
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from ipaddress import ip_network
from types import SimpleNamespace
from typing import Any, Final
from unittest import mock
from wsgiref.types import WSGIApplication

from sqlalchemy import Engine, create_engine, delete, event, select

from tests.support import database
from tests.support.world import World
from udb.access import constant_time
from udb.callers import certificates, x509
from udb.callers.rate import Gate
from udb.context import Context
from udb.domain import clock
from udb.imports.eindkomst import import_eindkomst
from udb.imports.eksamensbeviser import import_eksamensbeviser
from udb.imports.kodesaet import load_shipped
from udb.sandbox import mark
from udb.sandbox.seed import Parameters, seed
from udb.settings import Settings
from udb.store import state
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import cprnummer
from udb.store.tables.beviser import eksamenslevering
from udb.web.pages import pages
from udb.wsdl.soap import VERSIONS
from udb.wsdl.use_cases import application

SYSTEM_TIME: Final = datetime(2026, 8, 10, 6, tzinfo=UTC)
"""What the machine's clock shows during every recorded call."""
PROXY: Final = "127.0.0.1"

SOAP_VERSIONS: Final = VERSIONS
sqlite = database.sqlite


class Identifiers:
    """UUIDs that follow from the name of the call, in the order in which they are drawn."""

    def __init__(self) -> None:
        self._space = uuid.UUID(int=0)
        self._drawn = 0

    def begin(self, call: str) -> None:
        """Start the series of a call."""
        self._space = uuid.uuid5(uuid.NAMESPACE_OID, call)
        self._drawn = 0

    def urandom(self, size: int) -> bytes:
        """The bytes that ``uuid.uuid4`` makes an identifier of."""
        self._drawn += 1
        return uuid.uuid5(self._space, str(self._drawn)).bytes[:size]


@contextmanager
def frozen() -> Iterator[Identifiers]:
    """Stop system time, let UUIDs follow from the call, and do not wait before refusals."""
    identifiers = Identifiers()
    stopped = SimpleNamespace(now=SYSTEM_TIME.astimezone, combine=datetime.combine)
    with (
        mock.patch.object(clock, "datetime", stopped),
        mock.patch.object(constant_time, "STEP", 1e-9),
        mock.patch.object(uuid, "os", SimpleNamespace(urandom=identifiers.urandom)),
    ):
        yield identifiers


def stop_database_clock(url: str) -> None:
    """Let the clock of a PostgreSQL database show SYSTEM_TIME to all who connect from now on.

    It is a clock of its own, which the service compares with the machine's: stopped alone, that one would be wrong.
    """
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
            f" $$ SELECT '{SYSTEM_TIME.isoformat()}'::timestamptz $$"
        )
        # PostgreSQL's own functions come first unless they are named.
        connection.exec_driver_sql(f"ALTER DATABASE {engine.url.database} SET search_path = public, pg_catalog")
    engine.dispose()


class Register:
    """A database that the service answers from, and what changes it from outside the service."""

    def __init__(self, url: str) -> None:
        self._open = ExitStack()
        if not url.startswith("sqlite"):
            stop_database_clock(url)
        self.engine = self._engine(url)
        self._world = World(self.engine)

    def _engine(self, url: str) -> Engine:
        engine = make_engine(url)
        self._open.callback(engine.dispose)
        if engine.dialect.name == "sqlite":
            # A test database need not survive a power cut.
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        return engine

    def close(self) -> None:
        """Close the connections."""
        self._open.close()

    # What is in it --------------------------------------------------------------------------------------------------

    def build(self) -> None:
        """Build the invented world of ``tests.support.world`` as a sandbox."""
        self._world.build()
        with writing(self.engine) as connection:
            state.write(connection, mark.SANDBOX, {})

    def seed(self, unge: int, dato: str) -> None:
        """Build the sandbox's population."""
        with writing(self.engine) as connection:
            load_shipped(connection)
        seed(self.engine, Parameters(unge, 1, date.fromisoformat(dato)), lambda *_: None)

    def clock(self, now: str) -> None:
        """Set the domain clock."""
        self._world.clock(now)

    def person(self, cprnr: str, *, status: str = "01", kommune: str | None = "101") -> int:
        """Add or change a person; return the id."""
        return self._world.person(cprnr, status=status, kommune=kommune)

    def change_number(self, old: str, new: str) -> None:
        """Give a person another CPR number."""
        self._world.change_number(old, new)

    def institution(self, nummer: str, **values: Any) -> None:
        """Add or change an institution."""
        if isinstance(values.get("lukket"), str):
            values["lukket"] = date.fromisoformat(values["lukket"])
        self._world.institution(nummer, **values)

    def system(self, system_id: str, key: str, institution_nummer: str) -> None:
        """Add a system with a dataaftale for one institution."""
        self._world.system(system_id, key, institution_nummer)

    def subscribe(self, cprnr: str, *, subscribed: bool = True) -> None:
        """Set whether the person has an uddannelsespaalaeg."""
        with reading(self.engine) as connection:
            found = connection.execute(select(cprnummer.c.person_id).where(cprnummer.c.cprnr == cprnr)).scalar_one()
        self._world.unsubscribe(found)
        if subscribed:
            self._world.subscribe(found)

    def eksamensbeviser(self, til: str | None, lines: Iterable[str] = ()) -> None:
        """Replace what Eksamensdatabasen has delivered; ``til`` None: nothing."""
        with writing(self.engine) as connection:
            connection.execute(delete(eksamenslevering))
        if til is not None:
            delivered = database_file(
                "cprnr;institutionsnummer;cosa_formaal;dato", list(lines) or ["6101049999;461248;3009;2020-06-26"]
            )
            import_eksamensbeviser(self.engine, delivered, til=til, invented_allowed=True)

    def eindkomst(self, maaned: str, lines: Iterable[str] = ()) -> None:
        """Deliver a month of eIndkomst."""
        delivered = database_file(
            "cprnr;maaned;indberetter;indtaegtsart;beloeb", list(lines) or [f"6101049999;{maaned};1;00;1.00"]
        )
        import_eindkomst(self.engine, delivered, maaned=maaned)

    def certificate(self, system_id: str, der: bytes, *, blocked: bool = False) -> None:
        """Register a certificate of a system."""
        found = x509.read(der)
        with writing(self.engine) as connection:
            certificates.register(connection, system_id, found)
            if blocked:
                certificates.block(connection, x509.fingerprint(der))

    # Who answers ----------------------------------------------------------------------------------------------------

    def sandbox(self, **settings: Any) -> WSGIApplication:
        """The whole service as a sandbox."""
        context = Context(self.engine, Settings(sandbox=True, **settings))
        return application(context, pages(context))

    def production(self, **settings: Any) -> WSGIApplication:
        """The whole service as it is outside the sandbox, behind a proxy that hands on certificates."""
        context = Context(self.engine, Settings(sandbox=False, proxyer=(ip_network(PROXY),), **settings))
        return application(context, pages(context))

    def limited(self, calls: int) -> WSGIApplication:
        """A sandbox that takes so many calls a minute, in a minute that does not pass."""
        gate = Gate(calls, now=lambda: 1000.0)
        self._open.callback(gate.close)
        context = Context(self.engine, Settings(sandbox=True), gate=gate)
        return application(context, {})

    def failing(self) -> WSGIApplication:
        """A sandbox with a defect: its code sets are missing."""
        broken: Any = None
        return application(Context(self.engine, Settings(sandbox=True), codes=broken), {})

    def unreachable(self) -> WSGIApplication:
        """A sandbox whose database is out of reach."""
        urls = {"sqlite": "sqlite:////findes/ikke/udb.sqlite", "postgresql": "postgresql+psycopg://udb@127.0.0.1:1/udb"}
        context = Context(self._engine(urls[self.engine.dialect.name]), Settings(sandbox=True))
        return application(context, pages(context))


def database_file(header: str, lines: Iterable[str]) -> Any:
    """A file as a register delivers it."""
    return io.BytesIO("".join(f"{line}\n" for line in (header, *lines)).encode())
