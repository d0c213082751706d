"""Work out all kept figures but those of the youths' lists and of the rule check."""

from sqlalchemy import Engine

from udb.statistics.quality.contact_years import refresh_contacts
from udb.statistics.quality.for_others import refresh_for_others
from udb.statistics.quality.sender_rows import refresh_senders
from udb.statistics.quality.timeliness import refresh_months
from udb.store import state
from udb.store.engine import writing


def refresh_quality(engine: Engine) -> None:
    """Work out senders, contacts by year, and timeliness by month, each in a transaction of its own.

    Once a month also what others see of the youths.

    Raises DatabaseUnavailable.
    """
    for refresh in (refresh_senders, refresh_contacts, refresh_months):
        with writing(engine) as connection:
            refresh(connection, state.now(connection))
    refresh_for_others(engine)
