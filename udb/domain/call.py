"""A call as the use cases receive it, and an answer whose delivery matters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from udb.domain.formaal import Formaal


def nothing() -> None:
    """Do nothing: the step after an answer that needs none."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated system. ``certificate``: the fingerprint of the certificate that it called with; None when it
    authenticated in another way.
    """

    system_id: str
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """The caller of a call, its operation and its ids.

    ``correlation_id`` is the server's own id of the call; ``transaction_id`` the caller's (SystemTransactionID);
    ``institution_nummer`` the institution or kommune on whose behalf the authenticated system ``system_id`` calls.
    ``validate_only``: judge the report, but do not store it. ``certificate``: as in ``Caller``. ``bruger``: the person
    who looks, as provider:subject, and ``formaal`` what for; None for a system or a command.
    """

    correlation_id: str
    system_id: str
    service: str
    operation: str
    institution_nummer: str
    transaction_id: str
    validate_only: bool = False
    certificate: str | None = None
    bruger: str | None = None
    formaal: Formaal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An answer whose delivery matters: exactly one of the two functions is called, once, after the answer.

    ``delivered``: the last byte has been handed over. ``broken``: the connection ended before that.
    """

    payload: Any
    delivered: Callable[[], None] = nothing
    broken: Callable[[], None] = nothing
