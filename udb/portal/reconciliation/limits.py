"""How many files and rows a user may reconcile in a day (portal 3.30)."""

from datetime import timedelta
from typing import Final

import structlog

from udb.portal import attempts
from udb.portal.state import house, the_session
from udb.store.engine import writing

DAY: Final = timedelta(days=1)
ROWS_A_FILE: Final = 1000
"""For each file of UDB_AFSTEMNING_MAKS a user may reconcile so many rows."""
_COUNTED: Final = 100
"""Rows are counted in these, begun ones too."""

_log = structlog.get_logger(__name__)


def may_reconcile(rows: int) -> bool:
    """Count a file and its rows; return False, counting nothing, when the user has had the day's."""
    most = house().context.settings.afstemning_maks
    if not most:
        return True
    files = attempts.Limit("afstem-filer", most, DAY)
    hundreds = attempts.Limit("afstem-rækker", most * ROWS_A_FILE // _COUNTED, DAY)
    user, begun = the_session().user, -(-rows // _COUNTED)
    with writing(house().context.engine) as connection:
        # Of two files at once the second counts the first.
        attempts.count_alone(connection, user)
        over = attempts.is_exceeded(connection, files, user)
        if over or attempts.is_exceeded(connection, hundreds, user, more=begun):
            _log.warning("portal.reconciles_too_often")
            return False
        attempts.count(connection, files, user)
        attempts.count(connection, hundreds, user, times=begun)
    return True
