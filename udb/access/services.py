"""Decide who may use a fetch service, and as which recipient (rules 2001, 2003)."""

from datetime import date

from udb.access.clauses import Recipient
from udb.domain.call import Call
from udb.domain.kodesaet import Kodesaet
from udb.domain.persons import Institution
from udb.domain.services import DATA_TIL_KOMMUNE


def recipient(call: Call, institution: Institution | None, codes: Kodesaet, today: date) -> Recipient | str:
    """Return the recipient that an admitted call fetches as, or the code of the rule that refuses it.

    ``institution``: the call's institution by today's register; None: it has never been in the register.
    """
    if institution is None or not institution.in_register:
        return "2001"
    kommunekode = institution.kommunekode if call.service == DATA_TIL_KOMMUNE else None
    if not institution.may_use(call.service, codes, today) or (
        call.service == DATA_TIL_KOMMUNE and kommunekode is None
    ):
        return "2003"
    return Recipient(institution.nummer, today, kommunekode, institution.hovedinstitution)
