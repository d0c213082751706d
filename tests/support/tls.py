"""HTTPS calls to ``udb serve``, with or without a client certificate."""

import ssl
import urllib.error
import urllib.request
from email.message import Message
from typing import Final

from tests.support.certificates import Issued, folder, for_service
from udb.domain.services import SERVICES
from udb.wsdl.soap import SOAP11

PATH: Final = SERVICES["DataTilKommune"].path


def tls_options() -> list[str]:
    """Return the options of a service with a certificate that asks its callers for theirs."""
    certificate = for_service()
    return [
        *("--certfile", str(certificate.file), "--keyfile", str(certificate.key_file)),
        *("--ca-certs", str(folder() / "ca.pem")),
    ]


def call(address: str, body: str, certificate: Issued | None = None) -> tuple[int, Message, str]:
    """POST over HTTPS; return status, headers and text."""
    context = ssl.create_default_context(cafile=str(folder() / "ca.pem"))
    if certificate is not None:
        context.load_cert_chain(certificate.file, certificate.key_file)
    secure = address.replace("http://", "https://") + PATH
    sent = urllib.request.Request(secure, body.encode(), {"Content-Type": SOAP11.content_type})
    try:
        with urllib.request.urlopen(sent, timeout=20, context=context) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()
