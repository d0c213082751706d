"""What an extract knows of the register as a whole, read once: its number, codes, institutions and delivered months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from udb.domain.clock import month_end
from udb.domain.identifiers import event_number
from udb.domain.kodesaet import Kodesaet
from udb.domain.persons import Institution
from udb.statistics.extract.request import Request
from udb.store import state
from udb.store.codes import holding_edition, load_codes
from udb.store.persons import institutions
from udb.store.tables import counter
from udb.store.tables.indkomst import WAITING, indkomstmaaned


@dataclass(frozen=True, slots=True)
class Moment:
    """The register at the snapshot. ``number``: the highest event number; ``now``: the domain's; ``months``: the last
    days of the delivered months up to that of the day; ``unsettled``: a delivery of eIndkomst is being calculated;
    ``sandbox``: its youths are invented.
    """

    request: Request
    number: str
    now: datetime
    edition: str
    codes: Kodesaet
    institutions: Mapping[str, Institution]
    months: Sequence[date]
    unsettled: bool
    sandbox: bool

    @property
    def month(self) -> date | None:
        """The last day of the month of employment: that of the day, or the last delivered one before it."""
        return self.months[-1] if self.months else None

    @property
    def is_delivered(self) -> bool:
        """Whether the month of the day is delivered."""
        return self.month == month_end(self.request.day)

    @property
    def months_of_period(self) -> list[date]:
        """The delivered months that have a day of the period."""
        return [month for month in self.months if month >= self.request.first]

    @property
    def missing_months(self) -> list[str]:
        """The months between the first delivered one of the period and that of the day that are not delivered."""
        given = self.months_of_period
        if not given:
            return []
        missing, day, last = [], given[0], month_end(self.request.day)
        while day <= last:
            if day not in given:
                missing.append(f"{day:%Y-%m}")
            day = month_end(date.fromordinal(day.toordinal() + 1))
        return missing


def moment_of(connection: Connection, request: Request) -> Moment:
    """Return the register as a snapshot has it; the first statement of the snapshot."""
    number = event_number(int(connection.execute(select(counter.c.last)).scalar_one()))
    delivered = select(indkomstmaaned.c.maaned).where(
        indkomstmaaned.c.leveret.is_not(None), indkomstmaaned.c.maaned <= month_end(request.day)
    )
    return Moment(
        request,
        number,
        state.now(connection),
        holding_edition(connection),
        load_codes(connection),
        institutions(connection),
        connection.execute(delivered.order_by(indkomstmaaned.c.maaned)).scalars().all(),
        any(connection.execute(select(table).limit(1)).first() is not None for table in WAITING),
        state.read(connection, state.SANDBOX) is not None,
    )
