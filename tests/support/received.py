"""Judged reports as rows, for tests of senders and of data quality."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, insert

from tests.support.world import GYMNASIUM, SYSTEM
from udb.domain.clock import midnight
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.store.engine import writing
from udb.store.tables import modtagelse


def received(engine: Engine, day: date, count: int = 1, **values: Any) -> None:
    """Add rows of reports of a day, accepted unless ``values`` says otherwise."""
    row = {
        "tid": midnight(day) + timedelta(hours=12),
        "system_id": SYSTEM,
        "institution_nummer": GYMNASIUM,
        "service": UNGDOMSUDDANNELSE,
        "resultat": "A",
        "slags": "ny",
        "koder": "",
        **values,
    }
    with writing(engine) as connection:
        connection.execute(insert(modtagelse), [row] * count)
