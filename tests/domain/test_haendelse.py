"""An event made from a row equals the event that its class makes."""

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime
from typing import Any

import pytest

from udb.domain.haendelse import FIELDS, Haendelse, event_of

SAID: dict[str, Any] = {
    "nummer": "UDB-1",
    "plads": "UDB-1",
    "art": "uddannelse",
    "cprnr": "7103075100",
    "service": "IndberetningUngdomsuddannelse",
    "institution_nummer": "280051",
    "hovedinstitution": "280051",
    "haendelse_dato": date(2026, 8, 10),
    "registreringstid": datetime(2026, 8, 10, tzinfo=UTC),
    "kilde_leverandoer": "Sandkasse",
    "status": 1,
}
EVENT = Haendelse(**SAID)


def test_it_is_equal_hashes_alike_and_is_as_frozen() -> None:
    made = event_of([getattr(EVENT, name) for name in FIELDS])
    assert type(made) is Haendelse
    assert made == EVENT
    assert hash(made) == hash(EVENT)
    assert repr(made) == repr(EVENT)
    assert made.optag
    with pytest.raises(FrozenInstanceError):
        made.nummer = "UDB-2"  # type: ignore[misc]  # that is what is tried


def test_every_field_must_be_given() -> None:
    values = [getattr(EVENT, name) for name in FIELDS]
    for wrong in (values[:-1], [*values, None]):
        with pytest.raises(TypeError):
            event_of(wrong)


def test_but_changes_what_is_said_and_nothing_else_and_knows_its_fields() -> None:
    changed = EVENT.but(status=2, forloeb_id="UDB-FL-1")
    assert changed == Haendelse(**SAID | {"status": 2, "forloeb_id": "UDB-FL-1"})
    assert EVENT.status == 1
    with pytest.raises(TypeError):
        EVENT.but(stauts=2)
