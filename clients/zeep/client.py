"""Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with zeep (pip install zeep).

    python client.py ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY

../README.md describes the parameters and the output.
"""

import json
import sys
from typing import Any
from uuid import uuid4

import requests
import zeep
import zeep.exceptions
from lxml import etree
from zeep.transports import Transport

REPORT, FETCH = "IndberetningUngdomsuddannelse", "DataTilKommune"
BEFORE_ALL = "UDB-" + "0" * 23
address, system, key, soap, youth, school, kommune, day = sys.argv[1:]

session = requests.Session()
session.auth = (system, key)
clients = {
    name: zeep.Client(f"{address}/services/UDB/{name}/v1?wsdl", transport=Transport(session=session, timeout=30))
    for name in (REPORT, FETCH)
}


def port(service: str) -> Any:
    """Return the port of a service. The contract has a port for each SOAP version."""
    return clients[service].bind(f"{service}Service", f"{service}Soap{soap.replace('.', '')}")


def call(service: str, operation: str, payload: dict[str, Any]) -> Any:
    """Call an operation in its envelope and return the payload of the answer."""
    identifier = {"SystemName": "zeep", "SystemTransactionID": str(uuid4())}
    answer = port(service)[operation](Identifier=identifier, Message={operation: payload})
    return answer.Message[f"{operation}Svar"]


def say(step: str, **fields: Any) -> None:
    """Print a step as a line of JSON: every value as text, absent values left out."""
    texts = {name: text(value) for name, value in fields.items() if value is not None}
    print(json.dumps({"step": step, **texts}, ensure_ascii=False), flush=True)


def text(value: Any) -> str:
    """Return a value as XML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def optag(**changes: Any) -> dict[str, Any]:
    """Return the payload of the report that the youth begins hf, with changes."""
    return {
        "CPRNr": youth,
        "InstitutionNummer": school,
        "HaendelseDato": f"{day}T00:00:00",
        "Status": 1,
        "KildeLeverandoer": "Klient på prøve",
        "Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": 2},
        "Annullering": False,
        **changes,
    }


def fetch(step: str, **criterion: str) -> None:
    """Fetch events as the kommune: what is new, what follows a number, or the history of one youth."""
    svar = call(FETCH, "HentHaendelser", {"InstitutionNummer": kommune, **criterion})
    say(
        step,
        FindesFlereHaendelser=svar.FindesFlereHaendelser,
        HoejesteHaendelseNummer=svar.HoejesteHaendelseNummer,
    )
    for ung in svar.HaendelserUng:
        for event in ung.HaendelseUddannelsesForloeb:
            say(
                f"{step}.haendelse",
                CPRNr=ung.CPRNr,
                HaendelseNummer=event.HaendelseNummer,
                ForloebId=event.ForloebId,
                HaendelseDato=event.HaendelseDato,
                Status=event.Status,
                KildeLeverandoer=event.KildeLeverandoer,
                COsAFormaal=event.Uddannelse.COsAFormaal if event.Uddannelse else None,
                Registreringstid=event.Registreringstid,
            )


say("ping", Status=port(FETCH).Ping())

receipt = call(REPORT, REPORT, optag())
say(
    "optag",
    Resultat=receipt.Resultat,
    HaendelseNummer=receipt.HaendelseNummer,
    ForloebId=receipt.ForloebId,
    Registreringstid=receipt.Registreringstid,
)

# The same once more, and with a cause that only an afbrud has: refused, with every reason.
refused = call(REPORT, REPORT, optag(AfbrudsarsagsKode="9"))
say("afvist", Resultat=refused.Resultat, Registreringstid=refused.Registreringstid)
for fejl in refused.Fejl:
    say(
        "afvist.fejl",
        FejlKode=fejl.FejlKode,
        Alvor=fejl.Alvor,
        FejlTekst=fejl.FejlTekst,
        Element=fejl.Element,
        VedroererHaendelseNummer=fejl.VedroererHaendelseNummer,
    )

try:
    # No system has a dataaftale for this institution.
    call(REPORT, REPORT, optag(InstitutionNummer="000000"))
except zeep.exceptions.Fault as fault:
    detail = {etree.QName(element).localname: element.text for element in fault.detail[0]}
    say("fault", ErrorCode=detail["ErrorCode"], ErrorMessage=detail["ErrorMessage"])

fetch("new")
fetch("number", HaendelseNummer=BEFORE_ALL)
fetch("cpr", CPRNr=youth)
