"""Everything that is answered with a fault before a use case looks at it, and what a use case itself cannot answer."""

from typing import Any, Final

from tests.recorded import soap
from tests.recorded.calls.receipts import KINDS, TRIAL, event
from tests.recorded.soap import SOAP11, SOAP12, TIL_INSTITUTION, TIL_KOMMUNE, UNGDOM
from tests.recorded.stage import KEY, SYSTEM, Stage

FETCH: Final = {"InstitutionNummer": "281111"}
PATH: Final = soap.path(TIL_KOMMUNE)
CALLER: Final = {"Authorization": soap.basic(SYSTEM, KEY)}
ROLES: Final = {
    "1.1": ("actor", "http://schemas.xmlsoap.org/soap/actor/next"),
    "1.2": ("role", f"{SOAP12}/role/next"),
}


def fetch(transaction: str = "et-kald", **criterion: str) -> str:
    return soap.request("HentHaendelser", FETCH | criterion, transaction)


def play(stage: Stage) -> None:
    stage.register.build()
    for version in soap.VERSIONS:
        callers(stage, version)
        agreements(stage, version)
        envelopes(stage, version)
        documents(stage, version)
        operations(stage, version)
        trials(stage, version)
        beyond_the_call(stage, version)
    media(stage)
    methods(stage)
    sizes(stage)
    raw(stage)


def callers(stage: Stage, version: str) -> None:
    for name, sent in (
        ("none", None),
        ("empty", ""),
        ("unknown system", soap.basic("findes-ikke", KEY)),
        ("wrong key", soap.basic(SYSTEM, "forkert")),
        ("empty key", soap.basic(SYSTEM, "")),
        ("no colon", "Basic ZGVy"),
        ("no base64", "Basic ÿ%%"),
        ("no UTF-8", "Basic /zo="),
        ("lower case", CALLER["Authorization"].replace("Basic", "basic")),
        ("bearer", "Bearer abc"),
    ):
        stage.post(f"caller: {name} {version}", TIL_KOMMUNE, fetch(), version, headers={"Authorization": sent})
    stage.post(f"caller: none, and an invalid call {version}", UNGDOM, "<a/>", version, headers={"Authorization": None})
    strict = stage.register.production()
    stage.post(f"production: by key {version}", TIL_KOMMUNE, fetch(), version, app=strict)
    without = {"Authorization": None}
    stage.post(f"production: no caller {version}", TIL_KOMMUNE, fetch(), version, app=strict, headers=without)
    stage.post(f"production: ping {version}", TIL_KOMMUNE, soap.ping(TIL_KOMMUNE), version, app=strict, headers=without)
    for name, sent in (("no certificate", ":AAAA:"), ("no base64", ":æ:"), ("no form", "AAAA")):
        shown = without | {"Client-Cert": sent}
        stage.post(f"production: {name} {version}", TIL_KOMMUNE, fetch(), version, app=strict, headers=shown)


def agreements(stage: Stage, version: str) -> None:
    other = {"Authorization": soap.basic("anden", "en-anden-noegle-helt")}
    if version == "1.1":
        stage.register.system("anden", "en-anden-noegle-helt", "461248")
    stage.post(f"agreement: of another system {version}", TIL_KOMMUNE, fetch(), version, headers=other)
    nowhere = soap.request("HentHaendelser", {"InstitutionNummer": "999999"}, "intet-sted")
    stage.post(f"agreement: institution in no register {version}", TIL_KOMMUNE, nowhere, version)
    report = event("6503084001", "461249", KINDS[UNGDOM][1])
    stage.call(f"agreement: a department's {version}", UNGDOM, report, version, headers=other)
    stage.call(f"agreement: trial {version}", UNGDOM, report, version, headers=other, query=TRIAL)


def envelopes(stage: Stage, version: str) -> None:
    uri, other = soap.VERSIONS[version], SOAP12 if version == "1.1" else SOAP11
    role, following = ROLES[version]

    def post(name: str, message: str) -> None:
        headers = {"Content-Type": soap.MEDIA[version], **CALLER}
        stage.send(f"envelope: {name} {version}", "POST", PATH, message.encode(), headers)

    post("of the other version", f'<s:Envelope xmlns:s="{other}"><s:Body>{fetch()}</s:Body></s:Envelope>')
    post("of no version", f'<s:Envelope xmlns:s="u:a"><s:Body>{fetch()}</s:Body></s:Envelope>')
    post("without namespace", "<Envelope/>")
    post("none", fetch())
    body = f"<s:Body>{fetch()}</s:Body>"
    for name, content in (
        ("empty", ""),
        ("two bodies", body * 2),
        ("header after body", f"{body}<s:Header/>"),
        ("two headers", f"<s:Header/><s:Header/>{body}"),
        ("something else", f"<s:Andet/>{body}"),
        ("trailer", f"{body}<a/>"),
        ("text", f"tekst{body}"),
        ("text in the body", f"<s:Body>{fetch()}tekst</s:Body>"),
        ("text in the header", f"<s:Header>tekst</s:Header>{body}"),
        ("empty body", "<s:Body/>"),
        ("two requests", f"<s:Body>{fetch()}{fetch()}</s:Body>"),
        ("a fault", "<s:Body><s:Fault/></s:Body>"),
        ("an empty header", f"<s:Header/>{body}"),
        ("a header of no weight", f'<s:Header><a:B xmlns:a="u:a">6101051234</a:B></s:Header>{body}'),
    ):
        post(name, f'<s:Envelope xmlns:s="{uri}">{content}</s:Envelope>')
    post(
        "spaces and comments",
        f'\n<!-- a --><s:Envelope xmlns:s="{uri}">\n <!-- b -->\n {body}\n</s:Envelope>\n<!-- c -->\n',
    )
    for name, header in (
        ("1", '<a:Adresse xmlns:a="u:a?x=1&amp;y=2" s:mustUnderstand="1"/>'),
        (
            "true, and others",
            '<b xmlns="u:b"/><c:En xmlns:c="u:c" s:mustUnderstand="true"/><d:To xmlns:d="u:d" s:mustUnderstand="1"/>',
        ),
        ("0", '<a:Adresse xmlns:a="u:a" s:mustUnderstand="0"/>'),
        ("false", '<a:Adresse xmlns:a="u:a" s:mustUnderstand=" false "/>'),
        ("yes", '<a:Adresse xmlns:a="u:a" s:mustUnderstand="yes"/>'),
        ("in a name that could hold a value", '<a:C6101051234 xmlns:a="u:a" s:mustUnderstand="1"/>'),
        ("in a namespace that could hold a value", '<b:Plain xmlns:b="u:610105-1234" s:mustUnderstand="1"/>'),
        ("without namespace", '<uden s:mustUnderstand="1"/>'),
        ("for the next", f'<a:Adresse xmlns:a="u:a" s:mustUnderstand="1" s:{role}="{following}"/>'),
        ("for another", f'<a:Adresse xmlns:a="u:a" s:mustUnderstand="1" s:{role}="u:en-anden"/>'),
    ):
        stage.post(f"mustUnderstand: {name} {version}", TIL_KOMMUNE, fetch(), version, header=header)


def documents(stage: Stage, version: str) -> None:
    def post(name: str, message: str | bytes, media: str = soap.MEDIA[version]) -> None:
        body = message.encode() if isinstance(message, str) else message
        stage.send(f"document: {name} {version}", "POST", PATH, body, {"Content-Type": media, **CALLER})

    right = soap.envelope(fetch(), version)
    plain = soap.MEDIA[version].partition(";")[0]
    for name, message in (
        ("empty", ""),
        ("spaces", "  \n "),
        ("no XML", "Hej"),
        ("JSON", '{"a": 1}'),
        ("cut off", right[:-20]),
        ("cut off in a tag", right[:40]),
        ("not closed", right.replace("</s:Body>", "")),
        ("two roots", right * 2),
        ("text after", f"{right}tekst"),
        ("undeclared prefix", right.replace("<v1:InstitutionNummer>", "<v9:InstitutionNummer>")),
        ("attribute twice", right.replace("<s:Body>", '<s:Body a="1" a="2">')),
        ("bare ampersand", right.replace("281111", "2811&11")),
        ("unknown entity", right.replace("281111", "&ukendt;")),
        ("null reference", right.replace("281111", "&#0;")),
        ("control character", right.replace("281111", "2811\x0111")),
        ("doctype", f"<!DOCTYPE a>{right}"),
        ("entity", f'<!DOCTYPE a [<!ENTITY b "281111">]>{right.replace("281111", "&b;")}'),
        ("external entity", f'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>{right.replace("281111", "&b;")}'),
        ("external doctype", f'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">{right}'),
        (
            "laughs",
            f'<!DOCTYPE a [<!ENTITY b "{"x" * 99}"><!ENTITY c "{"&b;" * 99}">]>{right.replace("281111", "&c;")}',
        ),
        ("deep", right.replace("281111", f"{'<a>' * 40}{'</a>' * 40}")),
        ("wide", right.replace("281111", "<a/>" * 5100)),
        (
            "many attributes",
            right.replace("<s:Body>", f"<s:Body {' '.join(f'a{n}=' + chr(34) * 2 for n in range(20))}>"),
        ),
        (
            "many namespaces",
            right.replace(
                "<s:Body>", f"<s:Body {' '.join(f'xmlns:a{n}=' + chr(34) + 'u' + chr(34) for n in range(70))}>"
            ),
        ),
        ("declaration", f'<?xml version="1.0" encoding="UTF-8"?>\n{right}'),
        ("declaration after a line", f'\n<?xml version="1.0" encoding="UTF-8"?>\n{right}'),
        ("XML 1.1", f'<?xml version="1.1"?>{right}'),
        ("instruction", f"<?hej 6101051234?>{right}"),
        ("unknown encoding", f'<?xml version="1.0" encoding="EBCDIC-DK"?>{right}'),
        ("Latin-1 declared for UTF-8", f'<?xml version="1.0" encoding="ISO-8859-1"?>{right}'),
    ):
        post(name, message)
    latin = right.replace("Optagelse", "Optagelse æøå")
    post("Latin-1 sent as UTF-8", latin.encode("latin-1"))
    post("Latin-1 by its declaration", f'<?xml version="1.0" encoding="ISO-8859-1"?>{latin}'.encode("latin-1"), plain)
    post("Latin-1 by its header", latin.encode("latin-1"), f"{plain}; charset=iso-8859-1")
    post("UTF-16", latin.encode("utf-16"), plain)
    post("UTF-16 by its header", latin.encode("utf-16"), f"{plain}; charset=utf-16")
    post("UTF-8 with its mark", b"\xef\xbb\xbf" + latin.encode())
    post("marks that contradict", b"\xef\xbb\xbf" + latin.encode(), f"{plain}; charset=iso-8859-1")


def operations(stage: Stage, version: str) -> None:
    for name, service, content in (
        ("unknown", TIL_KOMMUNE, f'<FindesIkkeRequest xmlns="{soap.namespace(TIL_KOMMUNE)}"/>'),
        ("of no namespace", TIL_KOMMUNE, "<HentHaendelserRequest/>"),
        ("of another service", UNGDOM, fetch()),
        ("of another namespace", TIL_INSTITUTION, f'<HentMarkeringerRequest xmlns="{soap.DATA}"/>'),
        ("an answer", TIL_KOMMUNE, f'<HentHaendelserResponse xmlns="{soap.namespace(TIL_KOMMUNE)}"/>'),
    ):
        stage.post(f"operation: {name} {version}", service, content, version)


HEADER: Final = '<v1:KunValidering xmlns:v1="http://udb.stil.dk/v1">{}</v1:KunValidering>'


def trials(stage: Stage, version: str) -> None:
    report = soap.request(UNGDOM, event("6503084001", "461248", KINDS[UNGDOM][1]), "proeve")
    for query in (
        "?kun-validering",
        "?kun-validering=0",
        "?kun-validering=true",
        "?kun-validering=1&kun-validering=1",
        "?andet=1",
        "?kunvalidering=1",
        "?wsdl",
    ):
        stage.post(f"trial: {query} {version}", UNGDOM, report, version, query=query)
    for name, header in (
        ("header", HEADER.format("true")),
        ("header of false beside the address", HEADER.format("false")),
        ("header without a boolean", HEADER.format("ja")),
        ("header twice", HEADER.format("true") * 2),
        ("misspelt header", HEADER.format("true").replace("KunValidering", "Kunvalidering")),
    ):
        query = TRIAL if "address" in name else ""
        stage.post(f"trial: {name} {version}", UNGDOM, report, version, header=header, query=query)
    stage.post(f"trial: header of a fetch {version}", TIL_KOMMUNE, fetch(), version, header=HEADER.format("true"))
    stage.post(f"trial: a fetch {version}", TIL_KOMMUNE, fetch(), version, query=TRIAL)
    stage.post(f"trial: ping {version}", UNGDOM, soap.ping(UNGDOM), version, query=TRIAL)


def beyond_the_call(stage: Stage, version: str) -> None:
    limited: dict[str, Any] = {"app": stage.register.limited(2)}
    for number in range(1, 5):
        stage.post(f"rate: call {number} {version}", TIL_KOMMUNE, fetch(f"{version} {number}"), version, **limited)
    stage.post(f"rate: ping {version}", TIL_KOMMUNE, soap.ping(TIL_KOMMUNE), version, **limited)
    report = event("6503084001", "461248", KINDS[UNGDOM][1])
    for name, app in (("defect", stage.register.failing()), ("no database", stage.register.unreachable())):
        stage.call(f"{name}: report {version}", UNGDOM, report, version, app=app)
        stage.call(f"{name}: fetch {version}", "HentHaendelser", FETCH, version, app=app)


def media(stage: Stage) -> None:
    message = soap.envelope(fetch(), "1.2").encode()
    for sent in (
        None,
        "",
        "text/plain",
        "application/xml",
        "application/json",
        "multipart/related; type=text/xml",
        "APPLICATION/SOAP+XML",
        'application/soap+xml; action="urn:x"; charset="UTF-8"',
        "application/soap+xml;charset=utf8",
        "application/soap+xml; charset=klingon",
        "application/soap+xml; charset=utf-7",
        "application/soap+xml; charset=",
        "application/soap+xml; charset*=utf-8''utf-8",
        "application/soap+xml; charset=us-ascii",
        "text/xml; charset=klingon",
    ):
        stage.send(f"media: {sent}", "POST", PATH, message, {"Content-Type": sent, **CALLER})
    usual = {"Content-Type": soap.MEDIA["1.2"], **CALLER}
    for sent in ("gzip", "identity", "br, gzip"):
        body = b"\x1f\x8b\x08" + message if sent == "gzip" else message
        stage.send(f"media: encoded {sent}", "POST", PATH, body, {**usual, "Content-Encoding": sent})
    stage.send(
        "media: SOAPAction",
        "POST",
        PATH,
        soap.envelope(fetch(), "1.1").encode(),
        {"Content-Type": "text/xml", "SOAPAction": '"u:x"', **CALLER},
    )


def methods(stage: Stage) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
        stage.send(f"method: {method}", method, PATH, headers={"Content-Type": soap.MEDIA["1.1"]})
    stage.send("method: GET with a question", "GET", f"{PATH}?a=wsdl")
    for path in (
        "/services",
        "/services/",
        "/services/UDB",
        "/services/UDB/",
        "/services/UDB/FindesIkke/v1",
        "/services/UDB/DataTilKommune",
        "/services/UDB/DataTilKommune/",
        "/services/UDB/DataTilKommune/v2",
        "/services/UDB/DataTilKommune/v1/",
        "/services/UDB/datatilkommune/v1",
        "/services/udb/DataTilKommune/v1",
        "/services/UDB/DataTilKommune/v1/../../",
    ):
        for method in ("GET", "HEAD", "POST"):
            stage.send(f"path: {method} {path}", method, path, headers={"Content-Type": soap.MEDIA["1.1"]})


def sizes(stage: Stage) -> None:
    usual = {"Content-Type": soap.MEDIA["1.2"], **CALLER}
    small = stage.register.sandbox(maks_body=2000)
    right = soap.envelope(fetch("stoerrelse")).encode()
    stage.send("size: as much as may be", "POST", PATH, right.ljust(2000), usual, app=small)
    stage.send("size: one byte more", "POST", PATH, right.ljust(2001), usual, app=small)
    stage.send(
        "size: one byte more over 1.1",
        "POST",
        PATH,
        right.ljust(2001),
        {**usual, "Content-Type": "text/xml"},
        app=small,
    )
    chunked = {**usual, "Transfer-Encoding": "chunked", "Content-Length": None}
    stage.send("size: in pieces", "POST", PATH, right, chunked, app=small)
    stage.send("size: too many pieces", "POST", PATH, right.ljust(2001), chunked, app=small)
    stage.send("size: over a megabyte", "POST", PATH, right.ljust(1024 * 1024 + 1), usual)
    for sent in (None, "", "-1", "+5", "1.5", "٣", "1" * 5000):
        stage.send(f"size: Content-Length {sent and sent[:5]}", "POST", PATH, right, {**usual, "Content-Length": sent})
    stage.send("size: less than there is", "POST", PATH, right, {**usual, "Content-Length": "100"})
    stage.send("size: more than there is", "POST", PATH, right, {**usual, "Content-Length": "9999"})
    stage.send("size: nothing", "POST", PATH, b"", {**usual, "Content-Length": "0"})


def raw(stage: Stage) -> None:
    """Bytes that are no message."""
    for number, body in enumerate(
        (
            b"\x00" * 100,
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"<",
            b"<?xml",
            b"<a" * 3000,
            b"]]>",
            bytes(range(256)),
            b"\xed\xa0\x80",
            b"PK\x03\x04",
        )
    ):
        for version in soap.VERSIONS:
            stage.send(f"raw: {number} {version}", "POST", PATH, body, {"Content-Type": soap.MEDIA[version], **CALLER})
