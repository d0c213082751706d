"""The codes of SOAP faults as entries of the book: what a fault says is the fault's own text (contract 3)."""

from typing import Final

from udb.domain.services import SERVICES
from udb.rulebook.entry import Answers, Entry
from udb.wsdl import faults
from udb.wsdl.signature.reasons import Reason
from udb.wsdl.xml.forms import request_forms

_WORDS: Final[dict[str, tuple[str, str, str, str, str]]] = {
    "IPL000001": (
        "Uventet fejl",
        "Unexpected error",
        "An unexpected error has occurred. Try again, and give support the CorrelationID if it continues.",
        """Fejlen er hos os og står i vores log under CorrelationID.

        Send præcis det samme igen med samme SystemTransactionID: er det allerede gemt, får I samme svar.""",
        """The error is ours and is in our log under the CorrelationID.

        Send exactly the same again with the same SystemTransactionID: if it is already stored, you get the same
        answer.""",
    ),
    "IPL000002": (
        "Kaldet følger ikke skemaet",
        "The call does not follow the schema",
        "The call does not follow the schema. Correct what Details names, and send again.",
        """Details nævner hver fejl med linje, element og den form, skemaet kræver, men aldrig værdien. Linjen tælles i
        kaldet, som det blev sendt.

        Samme kode bruges, når kaldet ikke er velformet XML, har en DOCTYPE, er for dybt eller har for mange elementer,
        når konvolutten har en anden SOAP-version end Content-Type (VersionMismatch), og når en header med
        mustUnderstand er ukendt (MustUnderstand).

        Formen af hvert element:""",
        """Details names every error with its line, its element and the form that the schema wants, never the value. The
        line is counted in the call as it was sent.

        The same code is used when the call is not well-formed XML, has a DOCTYPE, is too deep or has too many elements,
        when the envelope has another SOAP version than Content-Type (VersionMismatch), and when a header with
        mustUnderstand is unknown (MustUnderstand).

        The Danish page lists the form of every element.""",
    ),
    "UDB009101": (
        "Systemet er ikke godkendt",
        "The system is not authenticated",
        "The system is not authenticated. Correct the system's credentials, and send again.",
        """I drift godkendes et system med et klientcertifikat (mTLS), i en sandkasse med navn og nøgle (Basic). Er
        certifikatet ukendt, spærret eller udløbet, står grunden og fingeraftrykket i Details.""",
        """In production a system is authenticated by a client certificate (mTLS), in a sandbox by name and key (Basic).
        If the certificate is unknown, blocked or expired, Details has the reason and the fingerprint.""",
    ),
    "UDB009102": (
        "Ingen dataaftale",
        "No dataaftale",
        """The system has no dataaftale about the service for the institution. Correct InstitutionNummer, or get the
        agreement in place.""",
        """Institutionen skal have givet systemet en dataaftale om netop denne tjeneste, og den skal gælde i dag. En
        ukendt institution får samme svar, så det ikke røber, hvilke der findes.""",
        """The institution must have given the system a dataaftale about this very service, in force today. An unknown
        institution has the same answer, which does not reveal which ones exist.""",
    ),
    "UDB009103": (
        "Kaldet er for stort",
        "The call is too large",
        "The call is too large. Divide it, and send again.",
        "Et kald har én indberetning eller én hentning. Grænsen i bytes står i Details.",
        "A call has one report or one fetch. Details has the limit in bytes.",
    ),
    "UDB009104": (
        "Databasen kan ikke nås",
        "The database is out of reach",
        f"""The database cannot be reached right now, and the call is not acknowledged. Send it again in
        {faults.RETRY_SECONDS} seconds with the same SystemTransactionID; it is then stored once at most.""",
        "Fejlen er hos os. Vent så længe, som headeren Retry-After angiver.",
        "The error is ours. Wait for as long as the header Retry-After says.",
    ),
    "UDB009105": (
        "For mange kald",
        "Too many calls",
        "The system calls too often. Wait, and send the call again.",
        """Grænsen står i Details, og headeren Retry-After angiver, hvor længe I skal vente. Fejlen kommer også, når for
        mange af systemets indberetninger i et døgn er afvist med 1002-1006.""",
        """Details has the limit, and the header Retry-After says how long to wait. The fault also comes when too many
        of the system's reports in a day were refused with 1002-1006.""",
    ),
    "UDB009106": (
        "Tjenesten findes ikke",
        "No such service",
        "There is no service at this address. Use one of those that Details names.",
        "Adressen er /services/UDB/, tjenestens navn og versionen, med store og små bogstaver som i kontrakten.",
        "The address is /services/UDB/, the service's name and the version, with the contract's capital letters.",
    ),
    "UDB009107": (
        "Sendt på en forkert måde",
        "Sent in a wrong way",
        "The service cannot take calls that are sent like this. Correct what Details names, and send again.",
        """Fejlen er i HTTP: metode, længde, Content-Type, tegnsæt, komprimering eller adressens parametre. Kaldets
        indhold er ikke læst.""",
        """The error is in HTTP: method, length, Content-Type, charset, compression or the parameters of the address.
        The call's content has not been read.""",
    ),
    "UDB009108": (
        "Signaturen er ikke godkendt",
        "The signature is not accepted",
        "The call's signature or timestamp is not accepted. Correct what Details names, and sign again.",
        "Details begynder med grundens navn i kantede parenteser. Grundene er:",
        "Details begins with the reason's name in square brackets, in Danish. The reasons are:",
    ),
    "UDB009109": (
        "Operationen findes ikke",
        "No such operation",
        "The service does not have this operation. Use one of those that Details names.",
        "Elementet i Body er ikke et, tjenesten tager imod. Ofte er navnerummet forkert eller en anden tjenestes.",
        "The service does not take the element in Body. Often its namespace is wrong, or that of another service.",
    ),
}
"""Error code -> its short name in Danish and English, the text in English, and the explanation in both."""


def fault_entries() -> list[Entry]:
    """Return an entry for every error code. Of the texts of IPL000002 it has that of a call off the schema."""
    return [_entry(kind) for kind in {kind.error_code: kind for kind in reversed(faults.TABLE)}.values()]


def _entry(kind: faults.Kind) -> Entry:
    navn, name, text, forklaring, explanation = _WORDS[kind.error_code]
    danish, english = _paragraphs(forklaring), _paragraphs(explanation)
    if kind is faults.NOT_VALID:
        danish += [f"``{element}``: {form}." for element, form in request_forms().items()]
    if kind is faults.SIGNATURE:
        danish += [f"``{reason.key}``: {reason.text.da}" for reason in Reason]
        english += [f"``{reason.key}``: {reason.text.en}" for reason in Reason]
    return Entry(
        code=kind.error_code,
        answers=Answers.CALL,
        navn=navn,
        name=name,
        tekst=kind.text,
        text=" ".join(text.split()),
        services=tuple(SERVICES),
        soap=(kind.soap_code.soap11, kind.soap_code.soap12),
        forklaring=tuple(danish),
        explanation=tuple(english),
    )


def _paragraphs(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
