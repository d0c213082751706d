"""What becomes of a receipt beside its answer: it is counted, and the log line of its call says how it ended."""

from typing import Any, Final

import structlog

from udb.context import Context
from udb.domain.call import Call
from udb.domain.receipt import Receipt, Resultat
from udb.wsdl.endpoint import metrics

OF_THE_NUMBER: Final = frozenset({"1002", "1003", "1004", "1005", "1006"})
"""The codes that say whether a CPR number exists, and something of its person; refusals with them are limited."""
COUNTED: Final = OF_THE_NUMBER | {"7001"}
"""The codes that are counted for each system."""

_log = structlog.get_logger(__name__)


def noted(context: Context, call: Call, receipt: Receipt) -> dict[str, Any]:
    """Count a receipt; return what the log line of its call says of it. The last one within the limit is an alarm."""
    codes = sorted(line.fejl_kode for line in receipt.fejl)
    metrics.count_receipt(call.system_id, _outcome(call, receipt), COUNTED.intersection(codes))
    if not OF_THE_NUMBER.isdisjoint(codes) and context.count_refused(call.system_id):
        _log.warning(
            "receipts.refused_limit", text="Refused reports of this system have reached UDB_AFVISTE_I_DOEGNET."
        )
    return {
        "resultat": str(receipt.resultat),
        "codes": codes,
        "trial": call.validate_only,
        "repeated": receipt.repeated,
    }


def _outcome(call: Call, receipt: Receipt) -> str:
    if call.validate_only:
        return "tried"
    if receipt.repeated:
        return "repeated"
    return "accepted" if receipt.resultat is Resultat.ACCEPTERET else "refused"
