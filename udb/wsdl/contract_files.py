"""The contract's files as they are served: kept by hand, with the service's address filled in."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from lxml import etree

from udb.domain.services import BASE_PATH, SERVICES, Service
from udb.paths import CONTRACT
from udb.settings import Settings
from udb.wsdl import faults
from udb.wsdl.faults import ServiceFault
from udb.wsdl.soap import PAYLOAD_PREFIX, SOAP11, SOAP12, WRAPPER_PREFIX, Version

SHARED_SCHEMA: Final = "udb.xsd"
ALL: Final = "kontrakt.zip"
"""The name of the archive with all files of the contract."""
SAMPLES: Final = "eksempler"
"""The folder of the samples in the archive."""
_SCHEMAS: Final = frozenset({SHARED_SCHEMA, "ukendt.xsd", *(f"{name}.xsd" for name in SERVICES)})
_WSDL: Final = "{http://schemas.xmlsoap.org/wsdl/}"
_IMPORT: Final = "{http://www.w3.org/2001/XMLSchema}import"
_LOCATION: Final = "schemaLocation"
_EXTENSIONS: Final = {
    SOAP11: "{http://schemas.xmlsoap.org/wsdl/soap/}",
    SOAP12: "{http://schemas.xmlsoap.org/wsdl/soap12/}",
}
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the archive, so that it changes only with the contract."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the WSDL. ``version``: with the binding of this version alone; ``single``: with the schemas inside."""

    version: Version | None = None
    single: bool = False


WHOLE: Final = Form()


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
def wsdl(service: Service, base: str, form: Form = WHOLE) -> bytes:
    """Return a service's WSDL with its address under ``base``.

    The schemas are beside the services, each at one address, so that a program that reads several services meets each
    type once.
    """
    root = _with_address(service, base)
    for version, extension in _EXTENSIONS.items():
        if form.version not in {None, version}:
            _leave_out(root, extension)
    if form.single:
        _put_schemas_inside(root, service)
    else:
        _import(root).set(_LOCATION, f"../{service.name}.xsd")
    # gSOAP makes a client of SOAP 1.2 when that namespace is declared. The two prefixes are used in values.
    etree.cleanup_namespaces(root, keep_ns_prefixes=[WRAPPER_PREFIX, PAYLOAD_PREFIX])
    return _written(root)


def schema_file(name: str) -> bytes | None:
    """Return a schema of the contract by file name; None when there is none of that name."""
    return _file(name) if name in _SCHEMAS else None


@lru_cache(maxsize=16)
def archive(base: str) -> bytes:
    """Return a zip of all WSDL files with their address under ``base``, the schemas beside them, and the samples."""
    files = {f"{service.name}.wsdl": _written(_with_address(service, base)) for service in SERVICES.values()}
    files |= {name: _file(name) for name in sorted(_SCHEMAS)}
    files |= {f"{SAMPLES}/{path.name}": path.read_bytes() for path in sorted((CONTRACT / "samples").glob("*.xml"))}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def schema_path(name: str) -> str:
    """Return the path at which a schema is served."""
    return f"{BASE_PATH}/{name}"


ARCHIVE_PATH: Final = f"{BASE_PATH}/{ALL}"


def _with_address(service: Service, base: str) -> etree._Element:
    root = etree.fromstring(_file(f"{service.name}.wsdl"))
    for address in root.iter(*(f"{extension}address" for extension in _EXTENSIONS.values())):
        address.set("location", f"{base}{service.path}")
    return root


def _leave_out(root: etree._Element, extension: str) -> None:
    """Remove the binding and the port of a SOAP version: old generators stop at a binding that they do not know."""
    for mark in (*root.iterfind(f"{_WSDL}binding/{extension}binding"), *root.iter(f"{extension}address")):
        part = mark.getparent()
        if part is not None and (parent := part.getparent()) is not None:
            parent.remove(part)


def _put_schemas_inside(root: etree._Element, service: Service) -> None:
    schemas = [etree.fromstring(_file(name)) for name in (SHARED_SCHEMA, f"{service.name}.xsd")]
    for schema in schemas:
        for imported in schema.iter(_IMPORT):
            del imported.attrib[_LOCATION]
    outer = _import(root).getparent()
    types = root.find(f"{_WSDL}types")
    if outer is not None and types is not None:
        types.remove(outer)
        types.extend(schemas)


def _import(root: etree._Element) -> etree._Element:
    return next(root.iter(_IMPORT))


@cache
def _file(name: str) -> bytes:
    return (CONTRACT / name).read_bytes()


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
