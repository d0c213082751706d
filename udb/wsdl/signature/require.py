"""Refuse a call whose signature is missing or wrong (UDB009108)."""

from lxml import etree

from udb.context import Context
from udb.domain.clock import system_time
from udb.wsdl import faults, record
from udb.wsdl.faults import ServiceFault
from udb.wsdl.signature import header, steps, verify
from udb.wsdl.signature.examined import Examined, Policy
from udb.wsdl.signature.reasons import Broken, Reason
from udb.wsdl.soap import Version


def require_signature(root: etree._Element, version: Version, context: Context, system_id: str) -> None:
    """Check a request's signature. Where no signature is required, an unsigned request passes.

    Raises ServiceFault UDB009108, DatabaseUnavailable.
    """
    if not context.settings.kraever_signatur and not header.is_there(root, version):
        return
    policy = Policy(system_time(), context.settings.signatur_sha1, system_id, context.certificate)
    examined = Examined(root, version, policy)
    try:
        steps.check(examined)
        signature = verify.signature_value(examined)
        if not context.first_use(examined.certificate.fingerprint, signature, examined.expires):
            raise Broken(Reason.REPLAYED)
    except Broken as broken:
        record.note(signature=broken.reason.key)
        raise ServiceFault(faults.SIGNATURE, broken.details) from None
