"""Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with xsdata (pip install
'xsdata[cli,lxml,soap]').

    ./build.sh ADDRESS FOLDER SOAP
    FOLDER/client ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY

../README.md describes the parameters and the output. xsdata speaks SOAP 1.1 only.
"""

import json
import sys
from enum import Enum
from typing import Any
from uuid import uuid4

import hentning
import indberetning
from hentning import DataTilKommunePortTypeHentHaendelser as HentHaendelser
from hentning import DataTilKommunePortTypePing as Ping
from indberetning import IndberetningUngdomsuddannelsePortTypeIndberetningUngdomsuddannelse as Indberetning
from xsdata.formats.dataclass.client import Client
from xsdata.formats.dataclass.transports import DefaultTransport

BEFORE_ALL = "UDB-" + "0" * 23
address, system, key, _soap, youth, school, kommune, day = sys.argv[1:]

transport = DefaultTransport(timeout=30)
transport.session.auth = (system, key)


class Refused(Exception):
    """The service answered with a fault."""


def call(operation: Any, service: str, **body: Any) -> Any:
    """Call an operation and return the body of the answer. Raises Refused with a fault's typed detail."""
    client = Client.from_service(operation, location=f"{address}/services/UDB/{service}/v1", encoding="utf-8")
    client.transport = transport
    answer = client.send(operation.input(body=operation.input.Body(**body))).body
    if answer.fault:
        raise Refused(answer.fault.detail.service_fault_detailer)
    return answer


def say(step: str, **fields: Any) -> None:
    """Print a step as a line of JSON: every value as text, absent values left out."""
    texts = {name: text(value) for name, value in fields.items() if value is not None}
    print(json.dumps({"step": step, **texts}, ensure_ascii=False), flush=True)


def text(value: Any) -> str:
    """Return a value as XML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value.value if isinstance(value, Enum) else value)


def optag(at: str, cause: str | None = None) -> Any:
    """Report that the youth begins hf; return the receipt."""
    report = indberetning.IndberetningUngdomsuddannelse(
        cprnr=youth,
        institution_nummer=at,
        haendelse_dato=f"{day}T00:00:00",
        status=1,
        afbrudsarsags_kode=cause,
        kilde_leverandoer="Klient på prøve",
        uddannelse=indberetning.UddannelseType(cos_aformaal="3017", cos_aformaal_version=2),
        annullering=False,
    )
    request = indberetning.IndberetningUngdomsuddannelseRequest(
        identifier=indberetning.IndberetningUngdomsuddannelseIdentifierType(
            system_name="xsdata", system_transaction_id=str(uuid4())
        ),
        message=indberetning.IndberetningUngdomsuddannelseRequestMessageType(indberetning_ungdomsuddannelse=report),
    )
    answer = call(Indberetning, "IndberetningUngdomsuddannelse", indberetning_ungdomsuddannelse_request=request)
    return answer.indberetning_ungdomsuddannelse_response.message.indberetning_ungdomsuddannelse_svar


def fetch(step: str, **criterion: str) -> None:
    """Fetch events as the kommune: what is new, what follows a number, or the history of one youth."""
    request = hentning.HentHaendelserRequest(
        identifier=hentning.HentHaendelserIdentifierType(system_name="xsdata", system_transaction_id=str(uuid4())),
        message=hentning.HentHaendelserRequestMessageType(
            hent_haendelser=hentning.HentHaendelser(institution_nummer=kommune, **criterion)
        ),
    )
    answer = call(HentHaendelser, "DataTilKommune", hent_haendelser_request=request)
    svar = answer.hent_haendelser_response.message.hent_haendelser_svar
    say(
        step,
        FindesFlereHaendelser=svar.findes_flere_haendelser,
        HoejesteHaendelseNummer=svar.hoejeste_haendelse_nummer,
    )
    for ung in svar.haendelser_ung:
        for event in ung.haendelse_uddannelses_forloeb:
            say(
                f"{step}.haendelse",
                CPRNr=ung.cprnr,
                HaendelseNummer=event.haendelse_nummer,
                ForloebId=event.forloeb_id,
                HaendelseDato=event.haendelse_dato,
                Status=event.status,
                KildeLeverandoer=event.kilde_leverandoer,
                COsAFormaal=event.uddannelse.cos_aformaal if event.uddannelse else None,
                Registreringstid=event.registreringstid,
            )


say("ping", Status=call(Ping, "DataTilKommune", ping_request=hentning.PingRequest()).ping_response.status)

receipt = optag(school)
say(
    "optag",
    Resultat=receipt.resultat,
    HaendelseNummer=receipt.haendelse_nummer,
    ForloebId=receipt.forloeb_id,
    Registreringstid=receipt.registreringstid,
)

# The same once more, and with a cause that only an afbrud has: refused, with every reason.
refused = optag(school, cause="9")
say("afvist", Resultat=refused.resultat, Registreringstid=refused.registreringstid)
for fejl in refused.fejl:
    say(
        "afvist.fejl",
        FejlKode=fejl.fejl_kode,
        Alvor=fejl.alvor,
        FejlTekst=fejl.fejl_tekst,
        Element=fejl.element,
        VedroererHaendelseNummer=fejl.vedroerer_haendelse_nummer,
    )

try:
    # No system has a dataaftale for this institution.
    optag("000000")
except Refused as fault:
    (detail,) = fault.args
    say("fault", ErrorCode=detail.error_code, ErrorMessage=detail.error_message)

fetch("new")
fetch("number", haendelse_nummer=BEFORE_ALL)
fetch("cpr", cprnr=youth)
