"""One call, as the use cases know it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls what, and under which ids.

    ``correlation_id`` is the server's own id of the call; ``transaction_id`` the caller's (SystemTransactionID);
    ``institution_nummer`` the institution or kommune on whose behalf the authenticated system ``system_id`` calls.
    ``validate_only``: a report is to be judged and not taken.
    """

    correlation_id: str
    system_id: str
    service: str
    operation: str
    institution_nummer: str
    transaction_id: str
    validate_only: bool = False
