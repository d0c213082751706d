"""Turn any exception into a fault of the table, and a log line without anything from the message."""

import traceback
from http import HTTPStatus
from typing import Final

import structlog

from udb.domain.errors import DatabaseUnavailable, NoDataaftale, NotAuthenticated, TooManyCalls, TooManyRefused
from udb.wsdl import faults
from udb.wsdl.faults import ServiceFault

BASIC: Final = 'Basic realm="Ungedatabasen", charset="UTF-8"'
CERTIFICATE: Final = 'ClientCertificate realm="Ungedatabasen"'
"""HTTP requires a challenge with 401. No scheme is registered for a client certificate, which TLS requests."""

_log = structlog.get_logger(__name__)


def as_fault(error: Exception) -> ServiceFault:
    """Return the fault that answers an exception. An unexpected exception is logged by type and place."""
    if isinstance(error, ServiceFault):
        return error
    if isinstance(error, NotAuthenticated):
        return _not_authenticated(error)
    if isinstance(error, NoDataaftale):
        return ServiceFault(faults.NO_DATAAFTALE)
    if isinstance(error, TooManyCalls):
        return _too_many(error)
    if isinstance(error, DatabaseUnavailable):
        _log.warning("call.database_unavailable", cause=str(error))
        return ServiceFault(faults.DATABASE_UNAVAILABLE)
    log_unexpected("call.unexpected_error", error)
    return ServiceFault(faults.UNEXPECTED)


def log_unexpected(event: str, error: Exception) -> None:
    """Log an exception's type and traceback. Its text is left out because it may hold a value from the message."""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    _log.error(event, error=type(error).__name__, traceback=places)


def _too_many(error: TooManyCalls) -> ServiceFault:
    kind = faults.RATE_LIMIT
    many = f"Et system må kalde {error.limit} gange i minuttet."
    if isinstance(error, TooManyRefused):
        kind = faults.REFUSED_LIMIT
        many = (
            f"I et døgn må højst {error.limit} af et systems indberetninger afvises med 1002-1006. Kontrollér "
            "CPR-numrene, inden I indberetter."
        )
    details = f"{many} Send kaldet igen om {error.seconds} sekunder."
    return ServiceFault(kind, details, headers={"Retry-After": str(error.seconds)})


def _not_authenticated(error: NotAuthenticated) -> ServiceFault:
    if error.credentials_sent:
        return ServiceFault(faults.NOT_AUTHENTICATED, error.details)
    challenge = BASIC if error.sandbox else CERTIFICATE
    return ServiceFault(
        faults.NOT_AUTHENTICATED,
        error.details,
        status=HTTPStatus.UNAUTHORIZED,
        headers={"WWW-Authenticate": challenge},
    )
