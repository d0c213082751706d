"""Where the house gets its door: which use case answers which operation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from wsgiref.types import WSGIApplication

from udb.adgang.certificates import Registered
from udb.call import Call, Caller
from udb.hentning.fetch import hent_haendelser, hent_haendelser_dfdg
from udb.hentning.institution import hent_status_henvisning, hent_uddannelsespaalaeg, hent_udslusningstilskud
from udb.hentning.markeringer import hent_markeringer
from udb.house import House
from udb.indberetning.take import take_report
from udb.services import REPORTS
from udb.settings import Settings
from udb.wsdl.app import create_app
from udb.wsdl.signature import answer
from udb.wsdl.signature.answer import SignAnswer

UseCase = Callable[[House, Call, Any], Any]

USE_CASES: Final[Mapping[str, UseCase]] = {
    **dict.fromkeys(REPORTS, take_report),
    "HentHaendelser": hent_haendelser,
    "HentHaendelserDFDG": hent_haendelser_dfdg,
    "HentUddannelsespaalaeg": hent_uddannelsespaalaeg,
    "HentUdslusningstilskud": hent_udslusningstilskud,
    "HentMarkeringer": hent_markeringer,
    "HentStatusHenvisning": hent_status_henvisning,
}
"""By operation: every one of the contract."""


@dataclass(frozen=True, slots=True)
class Front:
    """The house as ``udb.wsdl`` knows it (``udb.wsdl.house.House``)."""

    house: House
    operations: Mapping[str, Callable[[Call, Any], Any]]
    sign_answer: SignAnswer | None = None

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.house.settings

    def authenticate(self, environ: Mapping[str, Any]) -> Caller:
        """See ``House.authenticate``."""
        return self.house.authenticate(environ)

    def certificate(self, fingerprint: str) -> Registered | None:
        """See ``House.certificate``."""
        return self.house.certificate(fingerprint)

    def first_use(self, fingerprint: str, signature: bytes, expires: datetime) -> bool:
        """See ``House.first_use``."""
        return self.house.first_use(fingerprint, signature, expires)

    def count_call(self, system_id: str) -> None:
        """See ``House.count_call``."""
        self.house.count_call(system_id)

    def ping(self) -> bool:
        """See ``House.ping``."""
        return self.house.ping()


def application(house: House, pages: Mapping[str, WSGIApplication]) -> WSGIApplication:
    """The whole service; ``pages`` answer the paths outside ``/services``."""
    operations = {name: partial(use_case, house) for name, use_case in USE_CASES.items()}
    return create_app(Front(house, operations, answer.load(house.settings)), pages)
