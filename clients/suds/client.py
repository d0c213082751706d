"""Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with suds (pip install suds-community).

    python client.py ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY

../README.md describes the parameters and the output. suds speaks SOAP 1.1 only.
"""

import json
import sys
from typing import Any
from uuid import uuid4

from suds import WebFault
from suds.client import Client
from suds.transport.http import HttpAuthenticated

REPORT, FETCH = "IndberetningUngdomsuddannelse", "DataTilKommune"
BEFORE_ALL = "UDB-" + "0" * 23
address, system, key, _soap, youth, school, kommune, day = sys.argv[1:]

clients = {
    name: Client(
        f"{address}/services/UDB/{name}/v1?wsdl",
        transport=HttpAuthenticated(username=system, password=key),
        # Without this, suds may use an older contract from its cache on disk.
        cache=None,
        timeout=30,
    )
    for name in (REPORT, FETCH)
}


def port(service: str) -> Any:
    """Return the client of a service. The contract has a port for each SOAP version, and suds uses the first."""
    return clients[service].service[f"{service}Soap11"]


def call(service: str, operation: str, payload: dict[str, Any]) -> Any:
    """Call an operation in its envelope and return the payload of the answer."""
    identifier = {"SystemName": "suds", "SystemTransactionID": str(uuid4())}
    answer = port(service)[operation](identifier, {operation: payload})
    return answer.Message[f"{operation}Svar"]


def say(step: str, source: Any, *names: str, **more: Any) -> None:
    """Print a step as a line of JSON: those of these fields that the answer has, every value as text."""
    found = {name: getattr(source, name, None) for name in names} | more
    texts = {name: text(value) for name, value in found.items() if value is not None}
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
    say(step, svar, "FindesFlereHaendelser", "HoejesteHaendelseNummer")
    # An element that is absent in the answer is not an attribute of it.
    for ung in getattr(svar, "HaendelserUng", []):
        for event in getattr(ung, "HaendelseUddannelsesForloeb", []):
            say(
                f"{step}.haendelse",
                event,
                "HaendelseNummer",
                "ForloebId",
                "HaendelseDato",
                "Status",
                "KildeLeverandoer",
                "Registreringstid",
                CPRNr=ung.CPRNr,
                COsAFormaal=getattr(getattr(event, "Uddannelse", None), "COsAFormaal", None),
            )


say("ping", None, Status=port(FETCH).Ping())

receipt = call(REPORT, REPORT, optag())
say("optag", receipt, "Resultat", "HaendelseNummer", "ForloebId", "Registreringstid")

# The same once more, and with a cause that only an afbrud has: refused, with every reason.
refused = call(REPORT, REPORT, optag(AfbrudsarsagsKode="9"))
say("afvist", refused, "Resultat", "Registreringstid")
for fejl in refused.Fejl:
    say("afvist.fejl", fejl, "FejlKode", "Alvor", "FejlTekst", "Element", "VedroererHaendelseNummer")

try:
    # No system has a dataaftale for this institution.
    call(REPORT, REPORT, optag(InstitutionNummer="000000"))
except WebFault as fault:
    say("fault", fault.fault.detail.ServiceFaultDetailer, "ErrorCode", "ErrorMessage")

fetch("new")
fetch("number", HaendelseNummer=BEFORE_ALL)
fetch("cpr", CPRNr=youth)
