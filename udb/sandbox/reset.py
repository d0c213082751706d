"""Reset the sandbox to the state after the last seed, or to an empty register (sources 4)."""

from datetime import date

from sqlalchemy import Connection, Engine, text

from udb.domain.errors import UdbRefused
from udb.domain.kodesaet import REGISTER
from udb.sandbox import clock, copies, mark
from udb.sandbox.past.rule_check import restore_check
from udb.sandbox.seed import Parameters, empty
from udb.statistics.quality import kept
from udb.store import state
from udb.store.engine import writing
from udb.store.locks import one_import_at_a_time, one_sealing_at_a_time


def reset(engine: Engine) -> None:
    """Restore everything, including the clock. Without a seed only code sets, systems and their dataaftaler remain.

    Raises UdbRefused when the sandbox did not make this database, or made it before the tables changed.
    """
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        found = mark.seed_parameters(connection)
        if found is None:
            raise UdbRefused("This database was not made by the sandbox: nothing has been removed.")
        seeded = copies.exist(connection)
        if seeded and not copies.fit(connection):
            raise UdbRefused("An earlier version of this program made this sandbox. Make a new one: udb sandbox seed")
        if found and not seeded:
            raise UdbRefused(
                "This sandbox was restored from a backup, which holds no seed. Make a new one: udb sandbox seed"
            )
        _wait_for_calls(connection)
        one_sealing_at_a_time(connection)
        if seeded:
            copies.restore(connection)
            state.write(connection, state.TYPES_EDITION, REGISTER)
        else:
            empty(connection)
        kept.forget(connection)
        restore_check(connection)
        # Not back to the old edition: a process may still hold other code sets under the numbers that came after it.
        state.write(connection, state.CODE_EDITION, (state.read(connection, state.CODE_EDITION) or 0) + 1)
        clock.set_clock(connection, parameters_of(found).now if found else None)


def parameters_of(found: dict[str, object]) -> Parameters:
    """Return a seed's parameters from the form in which the database stores them."""
    dato = found.get("dato")
    return Parameters(
        unge=int(str(found["unge"])),
        seed=int(str(found["seed"])),
        dato=date.fromisoformat(str(dato)) if dato else None,
        historie=bool(found.get("historie")),
    )


def _wait_for_calls(connection: Connection) -> None:
    """Wait for the calls that have begun, and let new ones wait: lock in the order in which calls do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE person, feed_position, counter IN EXCLUSIVE MODE"))
