"""Pairs of calls that must not be told apart: what does not exist, and what is not the caller's."""

from dataclasses import dataclass
from typing import Final

from lxml import etree

from tests.door import HOST, Answer, basic, request
from tests.world import KOMMUNE, World
from udb.sandbox.soapcall import envelope
from udb.services import DATA_TIL_KOMMUNE, SERVICES

UNKNOWN: Final = "7103075199"
ELSEWHERE: Final = "7103075198"
AT_OUR_SCHOOL: Final = "7103075197"
DEAD: Final = "7103075196"
ABROAD: Final = "7103075195"
CHILD: Final = "7108125194"
GROWN_UP: Final = "7008964194"
BEFORE_A_CHANGE: Final = "7103075193"
NO_DATE: Final = "0000000000"
NOT_OURS: Final = (ELSEWHERE, AT_OUR_SCHOOL, DEAD, ABROAD, CHILD, GROWN_UP, BEFORE_A_CHANGE, NO_DATE)
"""None of them may KOMMUNE look up."""

NO_INSTITUTION: Final = "999998"
NOT_AGREED: Final = "282999"
"""An institution in the register that the calling system has no dataaftale for."""


def build(world: World) -> None:
    """The youths and the institution of these pairs; the clock stands as ``World.build`` leaves it."""
    for cprnr in (ELSEWHERE, AT_OUR_SCHOOL):
        world.person(cprnr, kommune="751")
    world.person(DEAD, status="90")
    world.person(ABROAD, status="80")
    world.person(CHILD)
    world.person(GROWN_UP)
    world.person(BEFORE_A_CHANGE)
    world.change_number(BEFORE_A_CHANGE, "7103075192")
    world.institution(NOT_AGREED, type3="KOM", kommune="299", agreed=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A fetch that is refused."""

    institution: str
    cprnr: str | None = None

    def body(self) -> bytes:
        """The request."""
        criterion = {} if self.cprnr is None else {"CPRNr": self.cprnr}
        payload = {"InstitutionNummer": self.institution, **criterion}
        return envelope(DATA_TIL_KOMMUNE, "HentHaendelser", payload, "noegle").encode()


def ask(app: object, body: bytes) -> Answer:
    """Send a request to the application."""
    headers = {"Content-Type": "text/xml", "Authorization": basic()}
    return request(app, "POST", f"http://{HOST}{SERVICES[DATA_TIL_KOMMUNE].path}", body, headers)  # type: ignore[arg-type]  # any WSGI app


def without_ids(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    """An answer without what is new in every answer: the call's own id, and the time of a fault."""
    content = answer.body
    root = etree.fromstring(content)
    for name in ("CorrelationID", "Timestamp"):
        for found in root.iterfind(f".//{{*}}{name}"):
            assert found.text
            content = content.replace(found.text.encode(), b"-" * len(name))
    headers = {name: value for name, value in answer.headers.items() if "correlation" not in name}
    return answer.status, headers, content


LOOK_UPS: Final = [(Asked(KOMMUNE, UNKNOWN), Asked(KOMMUNE, cprnr)) for cprnr in NOT_OURS]
CALLERS: Final = [
    (Asked(NO_INSTITUTION, UNKNOWN), Asked(NOT_AGREED, UNKNOWN)),
    (Asked(NO_INSTITUTION), Asked(NOT_AGREED)),
]
