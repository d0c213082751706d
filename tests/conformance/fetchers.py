"""Fetchers as kommuner have them: two that are right, and others with one mistake each."""

import http.client
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from lxml import etree

from udb.conformance.shared import contract
from udb.conformance.shared.stage import Caller
from udb.domain.services import DATA_TIL_KOMMUNE, SERVICES
from udb.wsdl.soap import SOAP12

HENT = "HentHaendelser"
BEGINNING = "UDB-" + "0" * 23
Lost = (ConnectionError, TimeoutError, http.client.HTTPException)


class Fetcher(threading.Thread):
    """Fetch without criterion until stopped, and repeat a call without an answer; subclasses make one mistake.

    ``movers``: the youths who are said to have moved in.
    """

    patience = 30.0
    between = 0.02

    def __init__(self, address: str, caller: Caller, kommune: str, movers: list[str]) -> None:
        super().__init__(daemon=True)
        self.address, self.caller, self.kommune, self.movers = address, caller, kommune, movers
        self.stopped = threading.Event()
        self.transaction = str(uuid4())

    def run(self) -> None:
        while not self.stopped.wait(self.between):
            self.turn()

    def turn(self) -> None:
        """Make one call, and act on the answer."""
        try:
            answer = self.ask({}, self.transaction)
        except Lost:
            return self.lost()
        if answer is None:
            return None
        return self.got(answer)

    def lost(self) -> None:
        """Handle a missing answer: the same call comes next."""

    def got(self, answer: etree._Element) -> None:
        """Handle a page: the next call is another."""
        self.transaction = str(uuid4())

    def ask(self, criterion: Mapping[str, Any], transaction: str) -> etree._Element | None:
        """Return the payload of the answer; after a fault None, when the wait it asks for is over."""
        values = {"InstitutionNummer": self.kommune, **criterion}
        envelope = contract.envelope(DATA_TIL_KOMMUNE, HENT, values, transaction, SOAP12)
        headers = {"Content-Type": SOAP12.content_type, "Authorization": self.caller.authorization}
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=self.patience)
        try:
            connection.request("POST", SERVICES[DATA_TIL_KOMMUNE].path, etree.tostring(envelope), headers)
            response = connection.getresponse()
            answer = etree.fromstring(response.read()).find(".//{*}HentHaendelserSvar")
            if answer is None:
                self.refused(float(response.headers.get("Retry-After", "0")))
            return answer
        finally:
            connection.close()

    def refused(self, seconds: float) -> None:
        """Wait as the fault says."""
        self.stopped.wait(seconds)


class ByNumber(Fetcher):
    """Fetch by number and look up those who move in."""

    cursor = BEGINNING

    def turn(self) -> None:
        while self.movers:
            self.look_up(self.movers.pop())
        try:
            answer = self.ask({"HaendelseNummer": self.cursor}, str(uuid4()))
        except Lost:
            return self.lost()
        return None if answer is None else self.got(answer)

    def got(self, answer: etree._Element) -> None:
        self.cursor = answer.findtext("{*}HoejesteHaendelseNummer") or self.cursor

    def look_up(self, cprnr: str) -> None:
        """Look up a youth who moved in."""
        self.ask({"CPRNr": cprnr}, str(uuid4()))


class LosesThePage(Fetcher):
    def lost(self) -> None:
        self.transaction = str(uuid4())


class OneIdForAll(Fetcher):
    def got(self, answer: etree._Element) -> None:
        """Go on under the same id."""


class StopsAtThePage(Fetcher):
    def got(self, answer: etree._Element) -> None:
        self.stopped.set()


class Hammers(Fetcher):
    def refused(self, seconds: float) -> None:
        """Call again at once."""


class Impatient(Fetcher):
    patience = 0.15

    def lost(self) -> None:
        self.transaction = str(uuid4())


class DoesNotCall(Fetcher):
    def turn(self) -> None:
        """Make no call at all."""


class NeverLooksUp(ByNumber):
    def look_up(self, cprnr: str) -> None:
        """Do not look up who moves in."""


class SkipsAfterLoss(ByNumber):
    def lost(self) -> None:
        self.cursor = f"UDB-{int(self.cursor.removeprefix('UDB-')) + 1:023}"


class BeginsAnew(ByNumber):
    def got(self, answer: etree._Element) -> None:
        self.cursor = BEGINNING


class OwnCursor(ByNumber):
    def got(self, answer: etree._Element) -> None:
        numbers = [number.text or "" for number in answer.iter("{*}HaendelseNummer")]
        self.cursor = min(numbers, default=self.cursor)


GOOD = {"without criterion": Fetcher, "by number": ByNumber}
BAD: Mapping[str, tuple[type[Fetcher], str]] = {
    "a new id after a cut connection": (LosesThePage, "henter-afbrudt"),
    "one id for all pages": (OneIdForAll, "henter-sider"),
    "one page alone": (StopsAtThePage, "henter-sider"),
    "at once again after a fault": (Hammers, "henter-fejl"),
    "a new call beside the slow one": (Impatient, "henter-langsom"),
    "no call at all": (DoesNotCall, "henter-sider"),
    "by number, and nobody looked up": (NeverLooksUp, "henter-tilflytter"),
    "by number, and one further after a cut connection": (SkipsAfterLoss, "henter-afbrudt"),
    "by number, and always from the beginning": (BeginsAnew, "henter-sider"),
    "by number, with a cursor of its own": (OwnCursor, "henter-sider"),
}
"""By name: the fetcher, and the situation that must fail."""
