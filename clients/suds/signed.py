"""Report a youth's optag to Ungedatabasen in a signed call, with suds (pip install suds-community lxml xmlsec).

    python signed.py ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY CERTIFICATE KEYFILE

../README.md describes the parameters and the output. suds speaks SOAP 1.1 only. It cannot sign: a plugin signs each
message that it is about to send, with xmlsec.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import xmlsec
from lxml import etree
from suds.client import Client
from suds.plugin import MessagePlugin
from suds.transport.http import HttpAuthenticated

REPORT = "IndberetningUngdomsuddannelse"
address, system, key, _soap, youth, school, kommune, day, certificate, key_file = sys.argv[1:]

OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE, WSU = f"{OASIS}wssecurity-secext-1.0.xsd", f"{OASIS}wssecurity-utility-1.0.xsd"
X509V3, BASE64 = f"{OASIS}x509-token-profile-1.0#X509v3", f"{OASIS}soap-message-security-1.0#Base64Binary"
REFERENCE = """<ds:Reference URI="#{}"><ds:Transforms>
<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>"""
SECURITY = f"""<wsse:Security xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
<wsu:Timestamp wsu:Id="tid"><wsu:Created>{{created}}</wsu:Created><wsu:Expires>{{expires}}</wsu:Expires></wsu:Timestamp>
<wsse:BinarySecurityToken wsu:Id="certifikat" ValueType="{X509V3}" EncodingType="{BASE64}">
{{token}}</wsse:BinarySecurityToken>
<ds:Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
{REFERENCE.format("tid")}{REFERENCE.format("body")}</ds:SignedInfo><ds:SignatureValue/>
<ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI="#certifikat" ValueType="{X509V3}"/>
</wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature></wsse:Security>"""


def signed(message: bytes) -> bytes:
    """Return a message with Body and a Timestamp signed."""
    envelope = etree.fromstring(message)
    body = envelope[-1]
    header = envelope[0]
    if header is body:
        header = etree.Element(body.tag.replace("Body", "Header"))
        body.addprevious(header)
    now = datetime.now(UTC)
    created, expires = (f"{time:%Y-%m-%dT%H:%M:%S}Z" for time in (now, now + timedelta(minutes=5)))
    token = "".join(line for line in Path(certificate).read_text().splitlines() if "CERTIFICATE" not in line)
    security = etree.fromstring(SECURITY.format(created=created, expires=expires, token=token))
    header.append(security)
    body.set(f"{{{WSU}}}Id", "body")
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(key_file, xmlsec.constants.KeyDataFormatPem)
    for element in (body, security[0]):
        context.register_id(element, "Id", WSU)
    context.sign(security[2])
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


class Signature(MessagePlugin):  # type: ignore[misc]  # suds has no types
    """Sign each message as the last step before it is sent."""

    def sending(self, context: Any) -> None:
        """Sign one message."""
        context.envelope = signed(context.envelope)


client = Client(
    f"{address}/services/UDB/{REPORT}/v1?wsdl",
    transport=HttpAuthenticated(username=system, password=key),
    plugins=[Signature()],
    cache=None,
    timeout=30,
)
port = client.service[f"{REPORT}Soap11"]


def say(step: str, **fields: Any) -> None:
    """Print a step as a line of JSON: every value as text, absent values left out."""
    texts = {name: str(value) for name, value in fields.items() if value is not None}
    print(json.dumps({"step": step, **texts}, ensure_ascii=False), flush=True)


say("ping", Status=port.Ping())
identifier = {"SystemName": "suds", "SystemTransactionID": str(uuid4())}
optag = {
    "CPRNr": youth,
    "InstitutionNummer": school,
    "HaendelseDato": f"{day}T00:00:00",
    "Status": 1,
    "KildeLeverandoer": "Klient på prøve",
    "Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": 2},
    "Annullering": False,
}
receipt = port[REPORT](identifier, {REPORT: optag}).Message[f"{REPORT}Svar"]
say(
    "optag",
    Resultat=receipt.Resultat,
    HaendelseNummer=receipt.HaendelseNummer,
    ForloebId=receipt.ForloebId,
    Registreringstid=receipt.Registreringstid,
)
