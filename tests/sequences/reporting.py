"""Send reports to the service and the model, and compare every receipt."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine

from tests.model import service as model
from tests.model.words import Event, Institution, holds_on
from tests.support.stage import Stage, brief
from tests.support.world import SYSTEM
from udb.domain.call import Call
from udb.domain.haendelse import Indberetning
from udb.domain.receipt import Receipt, Resultat
from udb.domain.services import ALL_SERVICES
from udb.indberetning.take import take_report
from udb.store.tables import dataaftale

NOWHERE = "999999"
"""An institution with a dataaftale that is in no register."""


class ReportStage(Stage):
    """A stage that reports. ``sent``: the reports of this history, each with its call key and receipt."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.world.add(dataaftale, system_id=SYSTEM, service=ALL_SERVICES, institution_nummer=NOWHERE)

    def begin(self, institutions: Iterable[Institution]) -> None:
        super().begin(institutions)
        self.sent: list[tuple[Indberetning, str, Receipt]] = []

    def valid_today(self, content: dict[str, Any]) -> bool:
        """Return whether the formaal in the report, if any, is valid today."""
        if "cosa_formaal" not in content:
            return True
        rows = self.model.code_rows("cosa_formaal", content["cosa_formaal"], str(content["cosa_formaal_version"]))
        return any(holds_on(row, self.today) for row in rows)

    def report(self, said: Indberetning) -> Receipt:
        """Send a report under a new call key, compare, and let the model take what was accepted."""
        expected = self._expected(said)
        transaction = str(next(self.calls))
        receipt = self._send(said, transaction)
        self.sent.append((said, transaction, receipt))
        self._compare(expected, receipt)
        assert (receipt.haendelse_nummer is not None) == (expected.accepted and expected.event)
        if expected.accepted:
            if expected.event:
                self._named(expected, receipt)
            model.take(self.model, said, expected, self.today, receipt.haendelse_nummer, receipt.forloeb_id)
            self.add_cancellations()
        return receipt

    def ask(self, said: Indberetning) -> None:
        """Send a report for validation only: the findings are the same, and nothing is stored."""
        expected = self._expected(said)
        receipt = self._send(said, str(next(self.calls)), validate_only=True)
        self._compare(expected, receipt)
        assert (receipt.haendelse_nummer, receipt.forloeb_id) == (None, None)

    def send_again(self, said: Indberetning, transaction: str, before: Receipt, other: Indberetning) -> None:
        """Send under an accepted call's key again: with the same content the receipt is the same, with other content it
        has 9001 with all other findings.
        """
        assert self._send(said, transaction) == before
        if other != said:
            found = self._expected(other).found | {"9001": set()}
            self._compare(model.Expected(found), self._send(other, transaction))

    def _expected(self, said: Indberetning) -> model.Expected:
        expected = model.expect(self.model, said, self.today)
        self.happened.append(f"    expected: {sorted(expected.found)}, the ForloebId of {expected.names}")
        return expected

    def _send(self, said: Indberetning, transaction: str, *, validate_only: bool = False) -> Receipt:
        call = Call("sekvens", SYSTEM, said.service, said.service, said.institution_nummer, transaction, validate_only)
        self.happened.append(f"{transaction}{' validate' if validate_only else ''} {brief(said)}")
        receipt = take_report(self.context, call, said)
        found = [line.fejl_kode for line in receipt.fejl]
        self.happened.append(f"    -> {receipt.resultat} {found} {receipt.haendelse_nummer} {receipt.forloeb_id}")
        return receipt

    def _compare(self, expected: model.Expected, receipt: Receipt) -> None:
        assert {line.fejl_kode for line in receipt.fejl} == set(expected.found)
        assert [line.fejl_kode for line in receipt.fejl] == sorted(expected.found)
        assert (receipt.resultat is Resultat.ACCEPTERET) == expected.accepted
        for line in receipt.fejl:
            assert (line.alvor == "Bloed") == (line.fejl_kode in model.BLOED)
            allowed: set[str | None] = {*expected.found[line.fejl_kode]} or {None}
            assert line.vedroerer_haendelse_nummer in allowed

    def _named(self, expected: model.Expected, receipt: Receipt) -> None:
        numbers = [event.nummer for event in self.model.events] + [one.nummer for one in self.model.cancellations]
        assert receipt.haendelse_nummer is not None
        assert all(number < receipt.haendelse_nummer for number in numbers)
        if expected.nameless:
            assert receipt.forloeb_id is None
        elif expected.names is not None:
            assert receipt.forloeb_id == expected.names.forloeb_id
        else:
            used = {event.forloeb_id for event in self.model.events}
            assert receipt.forloeb_id is not None
            assert receipt.forloeb_id not in used


def numbers(events: list[Event]) -> set[str]:
    return {event.nummer for event in events}
