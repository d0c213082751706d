"""Reports that the suite sends itself, so that a system under test has something to refer to or to fetch."""

from collections.abc import Mapping
from typing import Any, Final

from udb.conformance.shared import contract
from udb.conformance.shared.receipts import number_of
from udb.conformance.shared.scenario import shared
from udb.conformance.shared.stage import Stage
from udb.domain import elementer
from udb.domain.errors import UdbRefused
from udb.domain.text import Text

SCHOOL: Final = "Skolen"


def report(stage: Stage, cprnr: str, kind: str, said: Mapping[str, Any]) -> str:
    """Send a report of a kind about a youth and return its number. Raises UdbRefused when it is not accepted."""
    of_kind = shared().reports[kind]
    # A subscription has no status, and an element of an activity beside it is refused.
    course = {} if elementer.HANDLING in of_kind else {elementer.STATUS: 1, elementer.ANNULLERING: False}
    common = {elementer.CPRNR: cprnr, elementer.KILDE_LEVERANDOER: SCHOOL}
    values: dict[str, Any] = {**common, **course, **of_kind, **said}
    service = values.pop("service")
    school = values[elementer.INSTITUTION_NUMMER]
    values[elementer.INSTITUTION_NUMMER] = stage.places.institutioner[school]
    known = contract.paths(service)
    number = number_of(stage.call(service, service, {name: one for name, one in values.items() if name in known}))
    if number is None:
        raise UdbRefused(
            Text(
                f"Sandkassen tog ikke imod en indberetning ({kind}), som prøven bygger på.",
                f"The sandbox did not accept a report ({kind}) that the test is built on.",
            )
        )
    return number
