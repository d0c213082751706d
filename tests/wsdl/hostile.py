"""Hostile and odd requests, each with the exact answer it must get, in both SOAP versions.

A case is plain HTTP, so that the same table runs in this process and over a socket.
"""

import gzip
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.support.fake_context import CPR, FETCH, KEY, REPORT, envelope, environ, ping, sample
from udb.domain.services import SERVICES
from udb.wsdl.soap import SOAP11, SOAP12, Version

LIMIT = 1024 * 1024
PATH = SERVICES[REPORT].path
PAYLOAD = sample(f"{REPORT}Request")
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
ROLE12 = "http://www.w3.org/2003/05/soap-envelope/role"


@dataclass(frozen=True)
class Expected:
    """Status and SOAP code over SOAP 1.1 and over SOAP 1.2, and the ErrorCode."""

    error: str | None
    status11: int
    status12: int
    code11: str | None = "Client"
    code12: str | None = "Sender"

    def of(self, version: Version) -> tuple[int, str | None, str | None]:
        if version is SOAP11:
            return self.status11, self.code11, self.error
        return self.status12, self.code12, self.error


def plain_http(status: int, error: str) -> Expected:
    return Expected(error, status, status)


OK = Expected(None, 200, 200, None, None)
INVALID = Expected("IPL000002", 500, 400)
VERSION_MISMATCH = Expected("IPL000002", 500, 500, "VersionMismatch", "VersionMismatch")
MUST_UNDERSTAND = Expected("IPL000002", 500, 500, "MustUnderstand", "MustUnderstand")
WRONG_KEY = Expected("UDB009101", 500, 400)
NO_OPERATION = Expected("UDB009109", 500, 400)
NO_KEY = plain_http(401, "UDB009101")
TOO_LARGE = plain_http(413, "UDB009103")
NO_SERVICE = plain_http(404, "UDB009106")
METHOD = plain_http(405, "UDB009107")
LENGTH = plain_http(411, "UDB009107")
MEDIA = plain_http(415, "UDB009107")
ENCODING = plain_http(501, "UDB009107")
QUERY = Expected("UDB009107", 500, 400)


@dataclass(frozen=True)
class Case:
    name: str
    expected: Expected
    body: Callable[[Version], bytes]
    method: str = "POST"
    path: str = PATH
    headers: Mapping[str, str | None] = field(default_factory=dict)
    """Headers instead of the usual ones; None leaves one out."""
    chunked: bool = False
    versions: tuple[Version, ...] = (SOAP11, SOAP12)
    socket: bool = False
    """True when it is sent to a real server as well."""

    def all_headers(self, version: Version) -> dict[str, str]:
        usual = {"Content-Type": version.content_type, "Authorization": KEY}
        return {name: value for name, value in {**usual, **self.headers}.items() if value is not None}


def good(version: Version) -> bytes:
    return envelope(PAYLOAD, version)


def payload(text: str) -> Callable[[Version], bytes]:
    return lambda version: envelope(text, version)


def changed(old: str, new: str) -> Callable[[Version], bytes]:
    assert old in PAYLOAD, old
    return payload(PAYLOAD.replace(old, new, 1))


def element(name: str, value: str, attributes: str = "") -> Callable[[Version], bytes]:
    """Return the good report with one element's text and attributes replaced."""
    start, _, rest = PAYLOAD.partition(f"<v1:{name}>")
    assert rest, name
    end = rest.partition(f"</v1:{name}>")[2]
    return payload(f"{start}<v1:{name} {attributes}>{value}</v1:{name}>{end}")


def raw(content: bytes | str) -> Callable[[Version], bytes]:
    return lambda _version: content if isinstance(content, bytes) else content.encode()


def before(prolog: str) -> Callable[[Version], bytes]:
    return lambda version: prolog.encode() + good(version)


def frame(make: Callable[[str], str]) -> Callable[[Version], bytes]:
    """Return an envelope written out; ``make`` takes the namespace."""
    return lambda version: make(version.namespace).encode()


def header(text: str) -> Callable[[Version], bytes]:
    """Return the good report with a header; ``{env}`` is the envelope's prefix bound."""
    return lambda version: envelope(PAYLOAD, version, text)


def encoded(encoding: str, declared: str | None) -> Callable[[Version], bytes]:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = PAYLOAD.replace("LUDUS", "Æblegrød")
    return lambda version: (declaration + envelope(text, version).decode()).encode(encoding)


def padded(size: int) -> Callable[[Version], bytes]:
    return lambda version: good(version).ljust(size)


def nested(depth: int) -> str:
    return "<a>" * depth + "</a>" * depth


def attributes(count: int) -> str:
    return " ".join(f'a{number}="1"' for number in range(count))


def namespaces(count: int) -> str:
    return " ".join(f'xmlns:n{number}="u:{number}"' for number in range(count))


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))

DTD = [
    Case("xxe-file", INVALID, before('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), socket=True),
    Case("xxe-http", INVALID, before('<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>')),
    Case(
        "xxe-used",
        INVALID,
        lambda v: b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + element("KildeLeverandoer", "&x;")(v),
    ),
    Case(
        "entity-internal", INVALID, lambda v: b'<!DOCTYPE a [<!ENTITY x "y">]>' + element("KildeLeverandoer", "&x;")(v)
    ),
    Case(
        "entity-in-attribute",
        INVALID,
        lambda v: b'<!DOCTYPE a [<!ENTITY x "y">]>' + changed("<v1:Status>", '<v1:Status a="&x;">')(v),
    ),
    Case("entity-in-header", INVALID, lambda v: b'<!DOCTYPE a [<!ENTITY x "y">]>' + header("<a>&x;</a>")(v)),
    Case("dtd-external-system", INVALID, before('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">')),
    Case("dtd-external-public", INVALID, before('<!DOCTYPE a PUBLIC "-//X//Y" "file:///etc/passwd">')),
    Case("dtd-parameter-http", INVALID, before('<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>')),
    Case("dtd-parameter-file", INVALID, before('<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>')),
    Case("dtd-empty", INVALID, before("<!DOCTYPE a>")),
    Case("dtd-after-comment", INVALID, before("<!-- a --><!DOCTYPE a [ ]>")),
    Case("dtd-attribute-default", INVALID, before('<!DOCTYPE a [<!ATTLIST a b CDATA "c">]>')),
    Case(
        "laughs",
        INVALID,
        lambda v: f'<!DOCTYPE a [<!ENTITY a0 "lol">{LAUGHS}]>'.encode() + element("KildeLeverandoer", "&a9;")(v),
        socket=True,
    ),
    Case(
        "quadratic-text",
        INVALID,
        lambda v: (
            f'<!DOCTYPE a [<!ENTITY x "{"y" * 50_000}">]>'.encode() + element("KildeLeverandoer", "&x;" * 5_000)(v)
        ),
    ),
    Case(
        "quadratic-attribute",
        INVALID,
        lambda v: (
            f'<!DOCTYPE a [<!ENTITY x "{"y" * 50_000}">]>'.encode()
            + changed("<v1:Status>", f'<v1:Status a="{"&x;" * 5_000}">')(v)
        ),
    ),
    Case("entity-undeclared", INVALID, element("KildeLeverandoer", "&nbsp;")),
    Case(
        "xinclude",
        INVALID,
        element(
            "KildeLeverandoer", '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
        ),
    ),
    Case("stylesheet", INVALID, before('<?xml-stylesheet href="http://127.0.0.1:9/x"?>'), socket=True),
    Case(
        "schema-location",
        OK,
        changed(
            "<ipl:Identifier>",
            f'<ipl:Identifier {XSI} xsi:schemaLocation="http://udb.stil.dk/v1 http://127.0.0.1:9/x.xsd">',
        ),
    ),
    Case(
        "no-namespace-schema-location",
        OK,
        changed("<ipl:Identifier>", f'<ipl:Identifier {XSI} xsi:noNamespaceSchemaLocation="file:///etc/passwd">'),
    ),
]

SIZES = [
    Case("text-900k", INVALID, element("KildeLeverandoer", "x" * 900_000), socket=True),
    Case("exactly-the-limit", OK, padded(LIMIT)),
    Case("one-byte-over", TOO_LARGE, padded(LIMIT + 1), socket=True),
    Case("12-megabytes", TOO_LARGE, padded(12 * LIMIT), socket=True),
    Case("12-megabytes-chunked", TOO_LARGE, padded(12 * LIMIT), chunked=True, socket=True),
    Case("one-byte-over-chunked", TOO_LARGE, padded(LIMIT + 1), chunked=True),
    Case("exactly-the-limit-chunked", OK, padded(LIMIT), chunked=True),
    Case("chunked", OK, good, chunked=True, socket=True),
    Case("no-length", LENGTH, good, headers={"Content-Length": ""}),
    Case("length-no-number", LENGTH, good, headers={"Content-Length": "ti"}),
    Case("length-of-5000-digits", TOO_LARGE, good, headers={"Content-Length": "9" * 5_000}),
    Case("length-negative", LENGTH, good, headers={"Content-Length": "-5"}),
    Case("transfer-gzip-chunked", ENCODING, good, headers={"Transfer-Encoding": "gzip, chunked"}),
    Case("transfer-deflate-chunked", ENCODING, good, headers={"Transfer-Encoding": "deflate,chunked"}),
    Case("transfer-compress-chunked", ENCODING, good, headers={"Transfer-Encoding": "compress, Chunked"}),
    Case("transfer-identity-chunked", ENCODING, good, headers={"Transfer-Encoding": "identity, chunked"}),
    Case("transfer-chunked-twice", ENCODING, good, headers={"Transfer-Encoding": "chunked, chunked"}),
    Case("transfer-gzip", ENCODING, good, headers={"Transfer-Encoding": "gzip"}),
    Case("transfer-nearly-chunked", ENCODING, good, headers={"Transfer-Encoding": "xchunked"}),
    Case("transfer-chunked-in-capitals", OK, good, headers={"Transfer-Encoding": " Chunked "}),
    Case("length-arabic-digits", LENGTH, good, headers={"Content-Length": "٣٣"}),
    Case("32-deep", NO_OPERATION, payload(nested(30))),
    Case("33-deep", INVALID, payload(nested(31))),
    Case("33-deep-beside-closed-ones", INVALID, payload("<a>" * 20 + "<b/>" + nested(11) + "</a>" * 20)),
    Case("wide-but-flat", OK, header("<b/>" * 100)),
    Case("nested-300", INVALID, payload(nested(300)), socket=True),
    Case("nested-100k", INVALID, payload(nested(100_000))),
    Case("nested-in-header", INVALID, header(nested(40))),
    Case("5000-elements", NO_OPERATION, payload("<a>" + "<b/>" * 4_997 + "</a>")),
    Case("5001-elements", INVALID, payload("<a>" + "<b/>" * 4_998 + "</a>")),
    Case("siblings-150k", INVALID, payload("<a>" + "<b/>" * 150_000 + "</a>"), socket=True),
    Case("siblings-in-header", INVALID, header("<b/>" * 5_001)),
    Case("bodies-150k", INVALID, payload("<b/>" * 150_000)),
    Case("attributes-17", INVALID, changed("<v1:Status>", f"<v1:Status {attributes(17)}>")),
    Case("attributes-60k", INVALID, changed("<v1:Status>", f"<v1:Status {attributes(60_000)}>"), socket=True),
    Case("attributes-on-header-block", INVALID, header(f"<a {attributes(40_000)}/>"), socket=True),
    Case(
        "attributes-on-envelope",
        INVALID,
        frame(lambda ns: f'<s:Envelope xmlns:s="{ns}" {attributes(17)}><s:Body>{PAYLOAD}</s:Body></s:Envelope>'),
    ),
    Case("attribute-twice", INVALID, changed("<v1:Status>", '<v1:Status a="1" a="2">')),
    Case("namespaces-64", OK, changed("<v1:Status>", f"<v1:Status {namespaces(64)}>")),
    Case("namespaces-65", INVALID, changed("<v1:Status>", f"<v1:Status {namespaces(65)}>")),
    Case("namespaces-30k", INVALID, changed("<v1:Status>", f"<v1:Status {namespaces(30_000)}>")),
]

ENVELOPES = [
    Case("empty", INVALID, raw(b""), socket=True),
    Case("blank", INVALID, raw(b" \n ")),
    Case("not-xml", INVALID, raw(f"CPRNr={CPR}")),
    Case("json", INVALID, raw(f'{{"CPRNr": "{CPR}"}}')),
    Case("truncated", INVALID, lambda v: good(v)[:900], socket=True),
    Case("junk-after", INVALID, lambda v: good(v) + b"x"),
    Case("two-documents", INVALID, lambda v: good(v) * 2),
    Case("no-body", INVALID, frame(lambda ns: f'<s:Envelope xmlns:s="{ns}"/>'), socket=True),
    Case("header-only", INVALID, frame(lambda ns: f'<s:Envelope xmlns:s="{ns}"><s:Header/></s:Envelope>')),
    Case("empty-body", INVALID, payload("")),
    Case("text-in-body", INVALID, payload(CPR)),
    Case("text-beside-payload", INVALID, payload(PAYLOAD + CPR)),
    Case(
        "text-in-envelope",
        INVALID,
        frame(lambda ns: f'<s:Envelope xmlns:s="{ns}">{CPR}<s:Body>{PAYLOAD}</s:Body></s:Envelope>'),
    ),
    Case("text-in-header", INVALID, header(CPR)),
    Case(
        "fault-as-request",
        INVALID,
        frame(lambda ns: f'<s:Envelope xmlns:s="{ns}"><s:Body><s:Fault/></s:Body></s:Envelope>'),
        socket=True,
    ),
    Case("two-operations", INVALID, payload(PAYLOAD + PAYLOAD)),
    Case("second-with-id", INVALID, payload(PAYLOAD + '<multiRef id="a"/>')),
    Case(
        "two-bodies",
        INVALID,
        frame(lambda ns: f'<s:Envelope xmlns:s="{ns}"><s:Body>{PAYLOAD}</s:Body><s:Body/></s:Envelope>'),
    ),
    Case(
        "two-headers",
        INVALID,
        frame(lambda ns: f'<s:Envelope xmlns:s="{ns}"><s:Header/><s:Header/><s:Body>{PAYLOAD}</s:Body></s:Envelope>'),
    ),
    Case(
        "header-after-body",
        INVALID,
        frame(lambda ns: f'<s:Envelope xmlns:s="{ns}"><s:Body>{PAYLOAD}</s:Body><s:Header/></s:Envelope>'),
    ),
    Case(
        "element-after-body",
        INVALID,
        frame(lambda ns: f'<s:Envelope xmlns:s="{ns}"><s:Body>{PAYLOAD}</s:Body><x xmlns="u:x"/></s:Envelope>'),
    ),
    Case("no-envelope", INVALID, raw(PAYLOAD)),
    Case(
        "envelope-without-namespace", VERSION_MISMATCH, frame(lambda _: f"<Envelope><Body>{PAYLOAD}</Body></Envelope>")
    ),
    Case(
        "envelope-of-unknown-version",
        VERSION_MISMATCH,
        frame(lambda _: f'<s:Envelope xmlns:s="u:soap"><s:Body>{PAYLOAD}</s:Body></s:Envelope>'),
        socket=True,
    ),
    Case("the-other-version", VERSION_MISMATCH, lambda v: good(SOAP12 if v is SOAP11 else SOAP11), socket=True),
    Case("must-understand", MUST_UNDERSTAND, header('<a xmlns="u:a" s:mustUnderstand="1"/>'), socket=True),
    Case("must-understand-true", MUST_UNDERSTAND, header('<a xmlns="u:a" s:mustUnderstand=" true "/>')),
    Case("must-understand-among-others", MUST_UNDERSTAND, header('<b/><a xmlns="u:a" s:mustUnderstand="1"/>')),
    Case("must-understand-0", OK, header('<a xmlns="u:a" s:mustUnderstand="0"/>')),
    Case("must-understand-false", OK, header('<a xmlns="u:a" s:mustUnderstand="false"/>')),
    Case("must-understand-nonsense", INVALID, header('<a xmlns="u:a" s:mustUnderstand="ja"/>')),
    Case(
        "must-understand-next-11",
        MUST_UNDERSTAND,
        header('<a s:mustUnderstand="1" s:actor="http://schemas.xmlsoap.org/soap/actor/next"/>'),
        versions=(SOAP11,),
    ),
    Case("must-understand-other-11", OK, header('<a s:mustUnderstand="1" s:actor="u:other"/>'), versions=(SOAP11,)),
    Case(
        "must-understand-next-12",
        MUST_UNDERSTAND,
        header(f'<a s:mustUnderstand="1" s:role="{ROLE12}/next"/>'),
        versions=(SOAP12,),
    ),
    Case(
        "must-understand-ultimate-12",
        MUST_UNDERSTAND,
        header(f'<a s:mustUnderstand="1" s:role="{ROLE12}/ultimateReceiver"/>'),
        versions=(SOAP12,),
    ),
    Case(
        "must-understand-none-12", OK, header(f'<a s:mustUnderstand="1" s:role="{ROLE12}/none"/>'), versions=(SOAP12,)
    ),
    Case("security-header", OK, header(f'<w:Security xmlns:w="{WSSE}" s:mustUnderstand="1"/>'), socket=True),
    Case("security-of-another-namespace", MUST_UNDERSTAND, header('<w:Security xmlns:w="u:w" s:mustUnderstand="1"/>')),
    Case("unknown-header", OK, header('<a xmlns="u:a">x</a>')),
]

ENCODINGS = [
    Case(
        "charset-unknown",
        MEDIA,
        good,
        headers={"Content-Type": "text/xml; charset=klingon"},
        versions=(SOAP11,),
        socket=True,
    ),
    Case("charset-utf-7", MEDIA, good, headers={"Content-Type": "text/xml; charset=utf-7"}, versions=(SOAP11,)),
    Case("charset-codec-no-text", MEDIA, good, headers={"Content-Type": "text/xml; charset=zlib"}, versions=(SOAP11,)),
    Case("charset-odd", MEDIA, good, headers={"Content-Type": 'text/xml; charset="a b\x01"'}, versions=(SOAP11,)),
    Case(
        "charset-in-pieces",
        MEDIA,
        good,
        headers={"Content-Type": "text/xml; charset*0=utf; charset*=-8"},
        versions=(SOAP11,),
        socket=True,
    ),
    Case("charset-empty", MEDIA, good, headers={"Content-Type": "text/xml; charset="}, versions=(SOAP11,)),
    Case("charset-twice", OK, good, headers={"Content-Type": "text/xml;charset=utf-8 ; charset=x"}, versions=(SOAP11,)),
    Case("bad-utf-8", INVALID, lambda v: good(v).replace(b"LUDUS", b"\xff\xfe"), socket=True),
    Case("overlong-utf-8", INVALID, lambda v: good(v).replace(b"LUDUS", b"\xc0\xaf")),
    Case("surrogate-utf-8", INVALID, lambda v: good(v).replace(b"LUDUS", b"\xed\xa0\x80")),
    Case(
        "content-encoding-gzip",
        MEDIA,
        lambda v: gzip.compress(good(v)),
        headers={"Content-Encoding": "gzip"},
        socket=True,
    ),
    Case("content-encoding-deflate", MEDIA, lambda v: zlib.compress(good(v)), headers={"Content-Encoding": "deflate"}),
    Case("content-encoding-identity", OK, good, headers={"Content-Encoding": "identity"}),
    Case("gzip-unsaid", INVALID, lambda v: gzip.compress(good(v))),
    Case(
        "utf-16",
        OK,
        encoded("utf-16", "utf-16"),
        headers={"Content-Type": "text/xml; charset=utf-16"},
        versions=(SOAP11,),
        socket=True,
    ),
    Case(
        "utf-16-no-charset", OK, encoded("utf-16", "utf-16"), headers={"Content-Type": "text/xml"}, versions=(SOAP11,)
    ),
    Case(
        "utf-16-no-mark",
        INVALID,
        encoded("utf-16-be", None),
        headers={"Content-Type": "text/xml; charset=utf-16"},
        versions=(SOAP11,),
    ),
    Case("latin-1", OK, encoded("iso-8859-1", "ISO-8859-1"), headers={"Content-Type": "text/xml"}, versions=(SOAP11,)),
    Case(
        "latin-1-by-charset",
        OK,
        encoded("iso-8859-1", None),
        headers={"Content-Type": 'text/xml; charset="ISO-8859-1"'},
        versions=(SOAP11,),
    ),
    Case("latin-1-unsaid", INVALID, encoded("iso-8859-1", None)),
    Case("utf-8-mark", OK, encoded("utf-8-sig", "utf-8")),
    Case("utf-8-mark-without-declaration", OK, encoded("utf-8-sig", None)),
    Case(
        "charset-against-declaration",
        INVALID,
        encoded("utf-8", "utf-8"),
        headers={"Content-Type": "text/xml; charset=iso-8859-1"},
        versions=(SOAP11,),
    ),
    Case(
        "charset-against-mark",
        INVALID,
        encoded("utf-8-sig", None),
        headers={"Content-Type": "text/xml; charset=iso-8859-1"},
        versions=(SOAP11,),
    ),
    Case(
        "charset-ascii-of-ascii",
        OK,
        before('<?xml version="1.0" encoding="utf-8"?>'),
        headers={"Content-Type": "text/xml; charset=us-ascii"},
        versions=(SOAP11,),
    ),
    Case(
        "charset-utf-8-declared-ascii-of-ascii",
        OK,
        before('<?xml version="1.0" encoding="US-ASCII"?>'),
        headers={"Content-Type": "text/xml; charset=utf-8"},
        versions=(SOAP11,),
    ),
    Case(
        "charset-ascii-of-more",
        INVALID,
        encoded("utf-8", "utf-8"),
        headers={"Content-Type": "text/xml; charset=us-ascii"},
        versions=(SOAP11,),
    ),
    Case(
        "charset-against-declaration-of-ascii",
        INVALID,
        before('<?xml version="1.0" encoding="utf-8"?>'),
        headers={"Content-Type": "text/xml; charset=iso-8859-1"},
        versions=(SOAP11,),
    ),
    Case("declared-utf-7", INVALID, raw('<?xml version="1.0" encoding="utf-7"?><a/>')),
    Case("declared-unknown", INVALID, raw('<?xml version="1.0" encoding="klingon"?><a/>')),
    Case("zeros", INVALID, raw(b"\0" * 1000)),
    Case("control-character", INVALID, element("KildeLeverandoer", "&#1;")),
    Case("zero-character", INVALID, element("KildeLeverandoer", "&#0;")),
]

MEDIA_TYPES = [
    Case("no-content-type", MEDIA, good, headers={"Content-Type": None}, versions=(SOAP12,), socket=True),
    Case("content-type-json", MEDIA, good, headers={"Content-Type": "application/json"}, versions=(SOAP12,)),
    Case("content-type-xml", MEDIA, good, headers={"Content-Type": "application/xml"}, versions=(SOAP12,)),
    Case("content-type-plain", MEDIA, good, headers={"Content-Type": "text/plain"}, versions=(SOAP12,)),
    Case("content-type-garbage", MEDIA, good, headers={"Content-Type": ";;;=/"}, versions=(SOAP12,), socket=True),
    Case(
        "content-type-form",
        MEDIA,
        good,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        versions=(SOAP12,),
    ),
    Case(
        "multipart",
        MEDIA,
        good,
        headers={"Content-Type": 'multipart/related; type="text/xml"; boundary=b'},
        versions=(SOAP11,),
        socket=True,
    ),
    Case(
        "mtom",
        MEDIA,
        good,
        headers={"Content-Type": 'multipart/related; type="application/xop+xml"; boundary=b'},
        versions=(SOAP12,),
    ),
    Case(
        "mtom-over-soap-11",
        MEDIA,
        good,
        headers={"Content-Type": 'multipart/related; type="application/xop+xml"; start-info="text/xml"; boundary=b'},
        versions=(SOAP11,),
    ),
    Case(
        "mtom-over-soap-12",
        MEDIA,
        good,
        headers={"Content-Type": 'multipart/related; type="application/xop+xml"; start-info="application/soap+xml"'},
        versions=(SOAP12,),
    ),
    Case("content-type-twice", MEDIA, good, headers={"Content-Type": "text/xml, text/xml"}, versions=(SOAP11,)),
    Case(
        "content-type-of-both",
        MEDIA,
        good,
        headers={"Content-Type": "text/xml, application/soap+xml"},
        versions=(SOAP12,),
    ),
    Case(
        "no-content-type-but-action",
        MEDIA,
        good,
        headers={"Content-Type": None, "SOAPAction": '""'},
        versions=(SOAP11,),
    ),
    Case("content-type-in-capitals", OK, good, headers={"Content-Type": "TEXT/XML; Charset=UTF-8"}, versions=(SOAP11,)),
    Case("soap-action-of-another", OK, good, headers={"SOAPAction": '"HentHaendelser"'}, versions=(SOAP11,)),
    Case("soap-action-none", OK, good, versions=(SOAP11,)),
    Case(
        "action-parameter",
        OK,
        good,
        headers={"Content-Type": 'application/soap+xml; charset=utf-8; action="a;charset=x"'},
        versions=(SOAP12,),
    ),
]

PLACES = [
    Case("operation-of-another-service", NO_OPERATION, payload(sample("HentHaendelserRequest")), socket=True),
    Case("operation-unknown", NO_OPERATION, payload(f'<x xmlns="{SERVICES[REPORT].namespace}"/>')),
    Case("operation-in-a-wrong-namespace", NO_OPERATION, payload(f'<{REPORT}Request xmlns="http://udb.stil.dk/v1"/>')),
    Case("operation-without-namespace", NO_OPERATION, payload(f"<{REPORT}Request/>")),
    Case("response-as-request", NO_OPERATION, payload(sample(f"{REPORT}Response"))),
    Case("ping-of-another-service", NO_OPERATION, payload(ping(FETCH))),
    Case("service-unknown", NO_SERVICE, good, path="/services/UDB/Findes/v1", socket=True),
    Case("service-in-small-letters", NO_SERVICE, good, path=PATH.lower()),
    Case("version-unknown", NO_SERVICE, good, path=PATH.replace("v1", "v2"), socket=True),
    Case("slash-after", NO_SERVICE, good, path=f"{PATH}/"),
    Case("services", NO_SERVICE, good, path="/services"),
    Case("services-udb", NO_SERVICE, good, path="/services/UDB/"),
    Case("dots", NO_SERVICE, good, path=f"/services/UDB/{REPORT}/../../../etc/passwd"),
    Case("wsdl-of-an-unknown-service", NO_SERVICE, raw(b""), "GET", "/services/UDB/Findes/v1?wsdl"),
    Case("schema-of-another-service", NO_SERVICE, raw(b""), "GET", f"/services/UDB/{REPORT}/{FETCH}.xsd"),
    Case("file-that-is-no-schema", NO_SERVICE, raw(b""), "GET", f"/services/UDB/{REPORT}/app.py", socket=True),
    Case("get", METHOD, raw(b""), "GET", socket=True),
    Case("put", METHOD, good, "PUT"),
    Case("delete", METHOD, raw(b""), "DELETE"),
    Case("options", METHOD, raw(b""), "OPTIONS", socket=True),
    Case("patch", METHOD, good, "PATCH"),
    Case("schema-by-post", METHOD, good, path="/services/UDB/udb.xsd"),
    Case("archive-by-post", METHOD, good, path="/services/UDB/kontrakt.zip"),
    Case("schema-below-a-service", NO_SERVICE, raw(b""), "GET", f"/services/UDB/{REPORT}/udb.xsd"),
    Case("schema-by-dots", NO_SERVICE, raw(b""), "GET", "/services/UDB/../UDB/udb.xsd"),
    *(
        Case(f"query-{query}", QUERY, good, path=f"{PATH}?{query}")
        for query in (
            "kunvalidering=1",
            "Kun-Validering=1",
            "kun_validering=1",
            "kun-validering%20=1",
            "kun-validering[]=1",
            "x",
            "wsdl",
            "singleWsdl",
            "wsdl&soap=1.1",
            "x=1&kun-validering=1",
            "kun-validering=1&x=",
            "kun-validering=1;x=1",
            "kun-validering=1?",
            "kun-validering",
            "kun-validering=0",
            "kun-validering=true",
            "kun-validering=1&kun-validering=0",
        )
    ),
    Case("query-of-a-real-server", QUERY, good, path=f"{PATH}?kunvalidering=1", socket=True),
    Case("query-empty", OK, good, path=f"{PATH}?"),
    Case("query-trial", OK, good, path=f"{PATH}?kun-validering=1"),
    Case("query-trial-escaped", OK, good, path=f"{PATH}?%6bun-validering=1&"),
    Case("no-key", NO_KEY, good, headers={"Authorization": None}, socket=True),
    Case("wrong-key", WRONG_KEY, good, headers={"Authorization": "Basic eDp5"}, socket=True),
    Case("wrong-scheme", WRONG_KEY, good, headers={"Authorization": "Bearer x"}),
    Case("no-key-and-invalid", NO_KEY, element("Status", "9"), headers={"Authorization": None}),
]

VALUES = [
    Case("number-of-5000-digits", INVALID, element("Status", "9" * 5_000), socket=True),
    Case("number-of-900k-digits", INVALID, element("Status", "9" * 900_000)),
    Case("number-with-5000-zeros-before", INVALID, element("Status", "0" * 5_000 + "1")),
    Case("number-with-plus-and-zeros", OK, element("Status", " +0001 ")),
    Case("number-with-underscore", INVALID, element("Status", "0_1")),
    Case("number-in-arabic-digits", INVALID, element("Status", "١")),
    Case("number-out-of-range", INVALID, element("Status", "4")),
    Case("number-with-decimals", INVALID, element("Status", "1.0")),
    Case("boolean-1", OK, element("Annullering", "1")),
    Case("boolean-yes", INVALID, element("Annullering", "ja")),
    Case("year-0", INVALID, element("HaendelseDato", "0000-01-01T00:00:00")),
    Case("year-3000", INVALID, element("HaendelseDato", "3000-01-01T00:00:00")),
    Case("year-1899", INVALID, element("HaendelseDato", "1899-12-31T00:00:00")),
    Case("year-of-five-digits", INVALID, element("HaendelseDato", "20221-01-01T00:00:00")),
    Case("year-negative", INVALID, element("HaendelseDato", "-2022-01-01T00:00:00")),
    Case("hour-24", OK, element("HaendelseDato", "2022-08-08T24:00:00"), socket=True),
    Case("hour-24-and-a-second", INVALID, element("HaendelseDato", "2022-08-08T24:00:01")),
    Case("second-60", INVALID, element("HaendelseDato", "2022-08-08T23:59:60")),
    Case("year-3000-by-midnight", INVALID, element("HaendelseDato", "2999-12-31T24:00:00")),
    Case("year-3000-by-offset", INVALID, element("HaendelseDato", "2999-12-31T20:00:00-14:00")),
    Case("year-1899-by-offset", INVALID, element("HaendelseDato", "1900-01-01T00:00:00+14:00")),
    Case("last-day", OK, element("HaendelseDato", "2999-12-31T23:59:59")),
    Case("first-day", OK, element("HaendelseDato", "1900-01-01T00:00:00")),
    Case("offset-minus-0230", OK, element("HaendelseDato", "2022-08-08T00:00:00-02:30")),
    Case("offset-15", INVALID, element("HaendelseDato", "2022-08-08T00:00:00+15:00")),
    Case("fraction-of-400-digits", OK, element("HaendelseDato", f"2022-08-08T00:00:00.{'1' * 400}Z")),
    Case("no-date", INVALID, element("HaendelseDato", "2022-02-30T00:00:00")),
    Case("date-without-time", INVALID, element("HaendelseDato", "2022-08-08")),
    Case("cpr-too-short", INVALID, element("CPRNr", CPR[:9]), socket=True),
    Case("cpr-with-dash", INVALID, element("CPRNr", "610105-1234")),
    Case("cpr-in-arabic-digits", INVALID, element("CPRNr", "٦١٠١٠٥١٢٣٤")),
    Case("cpr-with-blank", INVALID, element("CPRNr", f" {CPR}")),
    Case("blanks-alone", INVALID, element("KildeLeverandoer", "   ")),
    Case("cdata", OK, element("KildeLeverandoer", "<![CDATA[<&>]]>")),
    Case("comment-inside", OK, element("KildeLeverandoer", f"LU<!-- {CPR} -->DUS")),
    Case("instruction-inside", INVALID, element("KildeLeverandoer", f"LU<?x {CPR}?>DUS"), socket=True),
    Case("instruction-between-elements", INVALID, changed("<v1:Status>", "<?x y?><v1:Status>")),
    Case("instruction-in-header", INVALID, header("<a><?x y?></a>")),
    Case("instruction-beside-headers", INVALID, header("<?x y?><a/>")),
    Case("instruction-after-the-envelope", INVALID, lambda version: good(version) + b"<?x y?>"),
    Case("instruction-after-all", INVALID, lambda version: good(version) + b"\n" * 70_000 + b"<?x y?>"),
    Case("instructions-150k", INVALID, payload("<a>" + "<?b?>" * 150_000 + "</a>"), socket=True),
    Case("declaration-alone", OK, before('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>')),
    Case("element-inside", INVALID, element("KildeLeverandoer", f"<b>{CPR}</b>")),
    Case("xsi-type-unknown", INVALID, element("Status", "1", f'{XSI} xsi:type="x:y" xmlns:x="u:x"')),
    Case("xsi-type-unbound", INVALID, element("Status", "1", f'{XSI} xsi:type="x:y"')),
    Case("xsi-type-of-another", INVALID, element("Status", "1", f'{XSI} xsi:type="v1:KodeType"')),
    Case("xsi-type-complex", INVALID, element("Status", "1", f'{XSI} xsi:type="v1:KvitteringType"')),
    Case("xsi-nil", INVALID, element("Status", "", f'{XSI} xsi:nil="true"')),
    Case("xsi-nil-false", INVALID, element("Status", "1", f'{XSI} xsi:nil="false"')),
    Case("href", INVALID, changed("<v1:Status>1</v1:Status>", '<v1:Status href="#a"/>'), socket=True),
    Case("href-to-itself", INVALID, changed("<v1:Uddannelse>", '<v1:Uddannelse id="a" href="#a">')),
    Case(
        "wrong-order",
        INVALID,
        payload(
            PAYLOAD.replace("<v1:Status>1</v1:Status>", "", 1).replace(
                "<v1:CPRNr>", "<v1:Status>1</v1:Status><v1:CPRNr>", 1
            )
        ),
    ),
    Case("missing", INVALID, changed("<v1:Status>1</v1:Status>", "")),
    Case("twice", INVALID, changed("<v1:Status>1</v1:Status>", "<v1:Status>1</v1:Status>" * 2)),
    Case("unknown-element", INVALID, changed("<v1:Status>", f"<v1:C{CPR}/><v1:Status>")),
    Case("children-without-namespace", INVALID, payload(PAYLOAD.replace("<v1:", "<").replace("</v1:", "</"))),
    Case("two-payloads", INVALID, changed("</ipl:Message>", "<x/></ipl:Message>")),
    Case("text-between", INVALID, changed("<v1:Status>", f"{CPR}<v1:Status>")),
]

CASES = [*DTD, *SIZES, *ENVELOPES, *ENCODINGS, *MEDIA_TYPES, *PLACES, *VALUES]


def as_environ(case: Case, version: Version) -> dict[str, object]:
    """Return the WSGI environment of a case."""
    headers = case.all_headers(version)
    body = case.body(version)
    env = environ(case.path, body, headers.pop("Content-Type", ""), REQUEST_METHOD=case.method)
    env["HTTP_AUTHORIZATION"] = headers.pop("Authorization", None)
    if case.chunked:
        env["CONTENT_LENGTH"] = None
        env["HTTP_TRANSFER_ENCODING"] = "chunked"
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        env[key if key == "CONTENT_LENGTH" else f"HTTP_{key}"] = value
    return {name: value for name, value in env.items() if value is not None}
