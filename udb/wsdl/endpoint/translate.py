"""From any exception to a fault of the table, and to a log line that holds nothing of the message."""

import traceback
from http import HTTPStatus
from typing import Final

import structlog

from udb.domain.errors import DatabaseUnavailable, NoDataaftale, NotAuthenticated, TooManyCalls
from udb.wsdl import faults
from udb.wsdl.faults import ServiceFault

BASIC: Final = 'Basic realm="Ungedatabasen", charset="UTF-8"'
CERTIFICATE: Final = 'ClientCertificate realm="Ungedatabasen"'
"""HTTP demands a challenge beside 401; there is no registered one for a certificate, which TLS asks for."""

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
        details = f"Et system må kalde {error.limit} gange i minuttet. Send kaldet igen om {error.seconds} sekunder."
        return ServiceFault(faults.RATE_LIMIT, details, headers={"Retry-After": str(error.seconds)})
    if isinstance(error, DatabaseUnavailable):
        _log.warning("call.database_unavailable", cause=str(error))
        return ServiceFault(faults.DATABASE_UNAVAILABLE)
    log_unexpected("call.unexpected_error", error)
    return ServiceFault(faults.UNEXPECTED)


def log_unexpected(event: str, error: Exception) -> None:
    """Log an exception's type and where it happened. Its text may hold a value of the message, so it is left out."""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    _log.error(event, error=type(error).__name__, traceback=places)


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
