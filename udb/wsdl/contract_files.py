"""The contract's files as they are served: WSDL and schemas kept by hand, with the service's address filled in."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from lxml import etree

from udb.domain.services import Service
from udb.paths import CONTRACT
from udb.settings import Settings
from udb.wsdl import faults
from udb.wsdl.faults import ServiceFault

SHARED_SCHEMA: Final = "udb.xsd"
_ADDRESSES: Final = (
    "{http://schemas.xmlsoap.org/wsdl/soap/}address",
    "{http://schemas.xmlsoap.org/wsdl/soap12/}address",
)


def base_address(settings: Settings, environ: Mapping[str, Any]) -> str:
    """Return the address before ``/services`` in the WSDL: UDB_ADRESSE, or the Host header if it is in UDB_VAERTER.

    Raises ServiceFault (400) for any other Host header: an unchecked one is never repeated.
    """
    if settings.adresse:
        return settings.adresse.rstrip("/")
    host = str(environ.get("HTTP_HOST", "")).lower()
    if host in {allowed.lower() for allowed in settings.vaerter}:
        return f"{environ['wsgi.url_scheme']}://{host}"
    details = "Tjenesten er ikke sat op til at udlevere sin kontrakt på denne adresse (UDB_ADRESSE, UDB_VAERTER)."
    raise ServiceFault(faults.TRANSPORT, details, status=400)


@lru_cache(maxsize=256)
def wsdl(service: Service, base: str) -> bytes:
    """Return a service's WSDL with its address under ``base``."""
    document = etree.parse(CONTRACT / f"{service.name}.wsdl")
    for address in document.iter(*_ADDRESSES):
        address.set("location", f"{base}{service.path}")
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")


@lru_cache(maxsize=256)
def schema_file(service: Service, name: str) -> bytes | None:
    """Return a schema that the service's WSDL imports, by file name; None when it imports none of that name."""
    return (CONTRACT / name).read_bytes() if name in {SHARED_SCHEMA, f"{service.name}.xsd"} else None
