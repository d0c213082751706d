"""Report a youth's optag to Ungedatabasen in a signed call, with zeep (pip install zeep[xmlsec]).

    python signed.py ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY CERTIFICATE KEYFILE

../README.md describes the parameters and the output.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import requests
import xmlsec
import zeep
from zeep.transports import Transport
from zeep.wsse.signature import BinarySignature
from zeep.wsse.utils import WSU, get_security_header

REPORT = "IndberetningUngdomsuddannelse"
address, system, key, soap, youth, school, kommune, day, certificate, key_file = sys.argv[1:]


class Signature(BinarySignature):  # type: ignore[misc]  # zeep has no types
    """zeep's signature, with the Timestamp that zeep leaves out."""

    def apply(self, envelope: Any, headers: Any) -> Any:
        """Sign Body and Timestamp of a call."""
        now = datetime.now(UTC)
        created, expires = (f"{time:%Y-%m-%dT%H:%M:%S}Z" for time in (now, now + timedelta(minutes=5)))
        get_security_header(envelope).append(WSU.Timestamp(WSU.Created(created), WSU.Expires(expires)))
        return super().apply(envelope, headers)

    def verify(self, envelope: Any) -> Any:
        """Accept every answer: answers are not signed."""
        return envelope


session = requests.Session()
session.auth = (system, key)
# Outside the sandbox the certificate is also the client certificate: session.cert = (certificate, key_file)
client = zeep.Client(
    f"{address}/services/UDB/{REPORT}/v1?wsdl",
    transport=Transport(session=session, timeout=30),
    wsse=Signature(
        key_file,
        certificate,
        # Without these two, zeep signs with SHA-1.
        signature_method=xmlsec.constants.TransformRsaSha256,
        digest_method=xmlsec.constants.TransformSha256,
    ),
)
port = client.bind(f"{REPORT}Service", f"{REPORT}Soap{soap.replace('.', '')}")


def say(step: str, **fields: Any) -> None:
    """Print a step as a line of JSON: every value as text, absent values left out."""
    texts = {name: str(value) for name, value in fields.items() if value is not None}
    print(json.dumps({"step": step, **texts}, ensure_ascii=False), flush=True)


say("ping", Status=port.Ping())
identifier = {"SystemName": "zeep", "SystemTransactionID": str(uuid4())}
optag = {
    "CPRNr": youth,
    "InstitutionNummer": school,
    "HaendelseDato": f"{day}T00:00:00",
    "Status": 1,
    "KildeLeverandoer": "Klient på prøve",
    "Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": 2},
    "Annullering": False,
}
answer = port[REPORT](Identifier=identifier, Message={REPORT: optag})
receipt = answer.Message[f"{REPORT}Svar"]
say(
    "optag",
    Resultat=receipt.Resultat,
    HaendelseNummer=receipt.HaendelseNummer,
    ForloebId=receipt.ForloebId,
    Registreringstid=receipt.Registreringstid.isoformat(),
)
