"""Map each SOAP operation to its use case and build the WSGI application."""

from collections.abc import Mapping
from typing import Final
from wsgiref.types import WSGIApplication

from udb.context import Context
from udb.domain.services import REPORTS
from udb.hentning.fetch import hent_haendelser, hent_haendelser_dfdg
from udb.hentning.institution import hent_status_henvisning, hent_uddannelsespaalaeg, hent_udslusningstilskud
from udb.hentning.markeringer import hent_markeringer
from udb.indberetning.take import take_report
from udb.wsdl.endpoint.app import create_app
from udb.wsdl.endpoint.operation import Soap, UseCase
from udb.wsdl.signature import answer

USE_CASES: Final[Mapping[str, UseCase]] = {
    **dict.fromkeys(REPORTS, take_report),
    "HentHaendelser": hent_haendelser,
    "HentHaendelserDFDG": hent_haendelser_dfdg,
    "HentUddannelsespaalaeg": hent_uddannelsespaalaeg,
    "HentUdslusningstilskud": hent_udslusningstilskud,
    "HentMarkeringer": hent_markeringer,
    "HentStatusHenvisning": hent_status_henvisning,
}
"""The use case of every operation of the contract, by the operation's name."""


def application(context: Context, pages: Mapping[str, WSGIApplication]) -> WSGIApplication:
    """Return the WSGI application of the whole service; ``pages`` answer the paths outside ``/services``."""
    return create_app(Soap(context, USE_CASES, answer.load(context.settings)), pages)
