"""Answer the requests for the contract's files: WSDL by query string, schemas and archive by path."""

from typing import Final
from urllib.parse import parse_qsl

from udb.domain.services import BASE_PATH, Service
from udb.settings import Settings
from udb.wsdl import contract_files, faults
from udb.wsdl.contract_files import Form
from udb.wsdl.endpoint.http import Environ, Response
from udb.wsdl.faults import ServiceFault
from udb.wsdl.soap import VERSIONS

READING: Final = frozenset({"GET", "HEAD"})
_XML: Final = "text/xml; charset=utf-8"
_ZIP: Final = "application/zip"
_WSDL: Final = "wsdl"
_SINGLE: Final = "singlewsdl"
_SOAP: Final = "soap"
_VERSIONS: Final = {version.number: version for version in VERSIONS}


def by_path(environ: Environ, path: str, settings: Settings) -> Response | None:
    """Return the schema or the archive at a path; None for any other path.

    Raises ServiceFault: 405 unless the method is GET or HEAD, 400 for a Host that may not be repeated.
    """
    folder, _, name = path.rpartition("/")
    schema = contract_files.schema_file(name) if folder == BASE_PATH else None
    if schema is None and path != contract_files.ARCHIVE_PATH:
        return None
    if environ["REQUEST_METHOD"] not in READING:
        raise ServiceFault(faults.TRANSPORT, "Filen hentes med GET.", status=405, headers={"Allow": "GET, HEAD"})
    if schema is not None:
        return _document(environ, schema, _XML)
    archive = contract_files.archive(contract_files.base_address(settings, environ))
    return _document(environ, archive, _ZIP, {"Content-Disposition": f'attachment; filename="{contract_files.ALL}"'})


def by_query(environ: Environ, service: Service, settings: Settings) -> Response | None:
    """Return the WSDL of a service if a GET or HEAD requests it, else None: ``?wsdl``, ``?singleWsdl``, ``&soap=1.1``.

    Other parameters beside these are ignored, as is the case of the names. Raises ServiceFault: 400 for another SOAP
    version or for a Host that may not be repeated.
    """
    asked = _asked(environ)
    if not _is_question(environ, asked):
        return None
    wanted = {value for name, value in asked if name == _SOAP}
    if not wanted <= _VERSIONS.keys() or len(wanted) > 1:
        numbers = " eller ".join(f"?wsdl&{_SOAP}={number}" for number in _VERSIONS)
        details = f"Kontrakten med én SOAP-version hentes med {numbers}."
        raise ServiceFault(faults.TRANSPORT, details, status=400)
    form = Form(_VERSIONS[wanted.pop()] if wanted else None, single=_SINGLE in dict(asked))
    return _document(environ, contract_files.wsdl(service, contract_files.base_address(settings, environ), form), _XML)


def is_for_people(environ: Environ) -> bool:
    """Return whether a browser opens a service's address: only browsers accept HTML, and this one wants no WSDL."""
    accepts = str(environ.get("HTTP_ACCEPT") or "").lower()
    reads = environ["REQUEST_METHOD"] in READING
    return reads and "text/html" in accepts and not _is_question(environ, _asked(environ))


def _asked(environ: Environ) -> list[tuple[str, str]]:
    query = str(environ.get("QUERY_STRING") or "")
    return [(name.lower(), value) for name, value in parse_qsl(query, keep_blank_values=True)]


def _is_question(environ: Environ, asked: list[tuple[str, str]]) -> bool:
    return environ["REQUEST_METHOD"] in READING and not {_WSDL, _SINGLE}.isdisjoint(dict(asked))


def _document(environ: Environ, content: bytes, content_type: str, headers: dict[str, str] | None = None) -> Response:
    body = [] if environ["REQUEST_METHOD"] == "HEAD" else [content]
    return Response(200, content_type, body, {"Content-Length": str(len(content)), **(headers or {})})
