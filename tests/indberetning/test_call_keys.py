from dataclasses import dataclass, replace

from udb.domain.haendelse import Indberetning
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.indberetning.call_keys import content_hash

REPORT = Indberetning(service=UNGDOMSUDDANNELSE, cprnr="6101051234", institution_nummer="461248", status=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterReport(Indberetning):
    """A report with the fields of a later version."""

    new_field: str | None = None
    new_list: tuple[str, ...] = ()


def test_a_key_outlives_a_version_that_knows_more_fields():
    later = {name: getattr(REPORT, name) for name in Indberetning.__dataclass_fields__}
    assert content_hash(LaterReport(**later)) == content_hash(REPORT)
    assert content_hash(LaterReport(**later, new_field="said")) != content_hash(REPORT)


def test_what_is_said_to_be_false_is_not_what_is_left_out():
    assert content_hash(replace(REPORT, frafaldstruet_markering=False)) != content_hash(REPORT)
