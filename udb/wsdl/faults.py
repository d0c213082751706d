"""Every fault of the contract (section 3): code, who must act, HTTP status and text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from spyne.error import Fault

RETRY_SECONDS: Final = 30


class SoapCode(Enum):
    """A fault's code in SOAP 1.1 and in SOAP 1.2, and its HTTP status over SOAP 1.2 (SOAP 1.2 part 2, table 20)."""

    SENDER = ("Client", "Sender", 400)
    RECEIVER = ("Server", "Receiver", 500)
    VERSION_MISMATCH = ("VersionMismatch", "VersionMismatch", 500)
    MUST_UNDERSTAND = ("MustUnderstand", "MustUnderstand", 500)

    def __init__(self, soap11: str, soap12: str, status12: int) -> None:
        self.soap11 = soap11
        self.soap12 = soap12
        self.status12 = status12


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table."""

    error_code: str
    soap_code: SoapCode
    text: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def from_udb(self) -> bool:
        """True when the fault is UDB's own and not the platform's."""
        return self.error_code.startswith("UDB")


_SENDER, _RECEIVER = SoapCode.SENDER, SoapCode.RECEIVER

UNEXPECTED: Final = Kind(
    "IPL000001",
    _RECEIVER,
    "Der opstod en uventet fejl. Prøv igen, og kontakt support med CorrelationID, hvis det fortsætter.",
)
NOT_VALID: Final = Kind("IPL000002", _SENDER, "Kaldet følger ikke skemaet. Ret det, der står i Details, og send igen.")
VERSION_MISMATCH: Final = Kind(
    "IPL000002",
    SoapCode.VERSION_MISMATCH,
    "Konvolutten har ikke kaldets SOAP-version. Brug SOAP 1.2 med application/soap+xml eller SOAP 1.1 med text/xml.",
)
MUST_UNDERSTAND: Final = Kind(
    "IPL000002",
    SoapCode.MUST_UNDERSTAND,
    "Kaldet har en header med mustUnderstand, som tjenesten ikke kender. Udelad den, eller fjern mustUnderstand.",
)
NOT_AUTHENTICATED: Final = Kind(
    "UDB009101", _SENDER, "Systemet er ikke godkendt. Ret systemets adgangsoplysninger, og send igen."
)
NO_DATAAFTALE: Final = Kind(
    "UDB009102",
    _SENDER,
    "Systemet har ingen dataaftale om tjenesten for institutionen. Ret InstitutionNummer, eller få aftalen på plads.",
)
TOO_LARGE: Final = Kind("UDB009103", _SENDER, "Kaldet er for stort. Del det op, og send igen.")
DATABASE_UNAVAILABLE: Final = Kind(
    "UDB009104",
    _RECEIVER,
    f"Databasen kan ikke nås lige nu, og kaldet er ikke bekræftet. Send det igen om {RETRY_SECONDS} sekunder med samme "
    "SystemTransactionID; så gemmes det højst én gang.",
    (("Retry-After", str(RETRY_SECONDS)),),
)
RATE_LIMIT: Final = Kind("UDB009105", _SENDER, "Systemet kalder for ofte. Vent, og send kaldet igen.")
REFUSED_LIMIT: Final = Kind(
    "UDB009105", _SENDER, "For mange af systemets indberetninger er afvist. Vent, og send kaldet igen."
)
NO_SUCH_SERVICE: Final = Kind(
    "UDB009106", _SENDER, "Der er ingen tjeneste på denne adresse. Brug en af dem, som Details nævner."
)
TRANSPORT: Final = Kind(
    "UDB009107",
    _SENDER,
    "Tjenesten kan ikke modtage kald, der er sendt sådan. Ret det, der står i Details, og send igen.",
)
SIGNATURE: Final = Kind(
    "UDB009108",
    _SENDER,
    "Kaldets signatur eller tidsstempel er ikke godkendt. Ret det, der står i Details, og underskriv igen.",
)
NO_SUCH_OPERATION: Final = Kind(
    "UDB009109", _SENDER, "Tjenesten har ikke denne operation. Brug en af dem, som Details nævner."
)

TABLE: Final = (
    UNEXPECTED,
    NOT_VALID,
    VERSION_MISMATCH,
    MUST_UNDERSTAND,
    NOT_AUTHENTICATED,
    NO_DATAAFTALE,
    TOO_LARGE,
    DATABASE_UNAVAILABLE,
    RATE_LIMIT,
    REFUSED_LIMIT,
    NO_SUCH_SERVICE,
    TRANSPORT,
    SIGNATURE,
    NO_SUCH_OPERATION,
)


class ServiceFault(Fault):
    """The fault that ends a call, of one kind of the table; spyne passes it through as it is.

    ``details``: what is wrong with this call, in Danish and without any value from it. ``status``: its own HTTP status,
    only where no SOAP processing has taken place. ``headers``: further HTTP headers. ``not_understood``: for
    MustUnderstand, the header elements' namespaces and names.
    """

    def __init__(
        self,
        kind: Kind,
        details: str | None = None,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        not_understood: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(kind.soap_code.soap11, kind.text)
        self.kind = kind
        self.details = details
        self.status = status
        self.headers = {**dict(kind.headers), **(headers or {})}
        self.not_understood = not_understood

    @property
    def reason(self) -> str:
        """The fault's one text in SOAP: the kind's, and the first line of the details; many toolkits show no other."""
        return f"{self.kind.text} {self.details.splitlines()[0]}" if self.details else self.kind.text
