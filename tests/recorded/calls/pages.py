"""Ping of every service in both SOAP versions, the contract, the plain pages and the sandbox's own addresses."""

from typing import Final

from tests.recorded import soap
from tests.recorded.stage import Stage

SANDBOX: Final = {"X-UDB-Sandbox": "1"}
BROWSER: Final = {"Accept": "text/html,*/*;q=0.8"}
JSON: Final = {**SANDBOX, "Content-Type": "application/json"}


def play(stage: Stage) -> None:
    stage.register.build()
    for service in soap.SERVICES:
        for version in soap.VERSIONS:
            stage.post(
                f"{service} ping {version}", service, soap.ping(service), version, headers={"Authorization": None}
            )
    contract(stage)
    plain(stage)
    sandbox(stage)
    away = stage.register.unreachable()
    stage.post("no database: ping", soap.UNGDOM, soap.ping(soap.UNGDOM), "1.1", app=away)
    for path in ("/health/live", "/health/ready"):
        stage.send(f"no database: {path}", "GET", path, app=away)


def contract(stage: Stage) -> None:
    for service in soap.SERVICES:
        path = soap.path(service)
        stage.send(f"{service} wsdl", "GET", f"{path}?wsdl", digest=True)
        stage.send(f"{service} wsdl head", "HEAD", f"{path}?WSDL")
        for query in ("wsdl&soap=1.1", "wsdl&soap=1.2", "singleWsdl"):
            stage.send(f"{service} {query}", "GET", f"{path}?{query}", digest=True)
        stage.send(f"{service} schema", "GET", f"/services/UDB/{service}.xsd", digest=True)
        stage.send(f"{service} in a browser", "GET", path, headers=BROWSER, digest=service != soap.TIL_KOMMUNE)
    for name in ("udb.xsd", "ukendt.xsd"):
        stage.send(f"{name}", "GET", f"/services/UDB/{name}", digest=True)
    stage.send("unknown schema", "GET", "/services/UDB/findes.xsd")
    path = f"/services/UDB/{soap.TIL_KOMMUNE}"
    stage.send("wsdl for localhost", "GET", f"{path}/v1?wsdl", headers={"Host": "LOCALHOST:8080"}, digest=True)
    stage.send("wsdl for another host", "GET", f"{path}/v1?wsdl", headers={"Host": "evil.example"})
    stage.send("wsdl with another value", "GET", f"{path}/v1?wsdl=1", digest=True)
    stage.send("wsdl of another version", "GET", f"{path}/v1?wsdl&soap=2", digest=True)
    stage.send("the address in a browser, in English", "GET", f"{path}/v1?sprog=en", headers=BROWSER)
    stage.send("wsdl posted", "POST", f"{path}/v1?wsdl")
    stage.send("schema posted", "POST", "/services/UDB/udb.xsd")
    stage.send("schema head", "HEAD", "/services/UDB/udb.xsd")
    stage.send("schema below the service", "GET", f"{path}/udb.xsd")
    stage.send("schema below the version", "GET", f"{path}/v1/udb.xsd")
    named = stage.register.sandbox(adresse="https://udb.example/")
    stage.send("wsdl by the setting", "GET", f"{path}/v1?wsdl", app=named, digest=True)


def plain(stage: Stage) -> None:
    for path in ("/", "/health/live", "/health/ready"):
        stage.send(path, "GET", path)
        stage.send(f"{path} head", "HEAD", path)
        stage.send(f"{path} posted", "POST", path)
    for path in ("/findes/ikke", "/health", "/regler/0000", "/regler/7001/x", "/kodesaet"):
        stage.send(path, "GET", path)
    stage.send("/regler", "GET", "/regler", digest=True)
    for path in ("/regler/", "/regler/en", "/regler?soeg=bopæl", "/regler/1001", "/regler/7001", "/regler/en/8002"):
        stage.send(path, "GET", path, digest=path == "/regler/")
    stage.send("the front page outside the sandbox", "GET", "/", app=stage.register.production())


def sandbox(stage: Stage) -> None:
    status = "/sandbox/status"
    stage.send("sandbox status", "GET", status, headers=SANDBOX)
    stage.send("sandbox status without header", "GET", status)
    stage.send("sandbox status for another host", "GET", status, headers={**SANDBOX, "Host": "evil.example"})
    stage.send("sandbox status posted", "POST", status, headers=SANDBOX)
    stage.send("sandbox status outside the sandbox", "GET", status, headers=SANDBOX, app=stage.register.production())
    stage.send("sandbox unknown", "GET", "/sandbox/findes-ikke", headers=SANDBOX)
    stage.send("sandbox root", "GET", "/sandbox", headers=SANDBOX)
    clock = "/sandbox/ur"
    for name, body in (
        ("set", b'{"nu": "2026-09-01T08:00:00+02:00"}'),
        ("set without offset", b'{"nu": "2026-09-02T08:00:00"}'),
        ("set too early", b'{"nu": "1066-09-01T08:00:00+02:00"}'),
        ("no JSON", b"nu"),
        ("other JSON", b'{"tid": null}'),
        ("real time", b'{"nu": null}'),
    ):
        stage.send(f"sandbox clock: {name}", "PUT", clock, body, JSON)
    stage.send("sandbox clock read", "GET", clock, headers=SANDBOX)
    for name, kind, query, body in (
        ("cpr", "cpr", "", "cprnr;navn;status;kommunekode;nyt_cprnr;mail;telefon\n6503084001;Prøve Ung;01;101;;;\n"),
        ("cpr wrong", "cpr", "", "cprnr;navn\n6503084001;Prøve Ung\n"),
        ("cpr wrong line", "cpr", "", "cprnr;navn;status;kommunekode;nyt_cprnr;mail;telefon\n1;;;;;;\n"),
        ("eindkomst", "eindkomst", "?maaned=2026-07", "cprnr;maaned;indberetter;indtaegtsart;beloeb\n"),
        ("eindkomst without month", "eindkomst", "", "cprnr;maaned;indberetter;indtaegtsart;beloeb\n"),
        ("unknown", "findes-ikke", "", "a\n"),
    ):
        stage.send(f"sandbox import: {name}", "POST", f"/sandbox/import/{kind}{query}", body.encode(), SANDBOX)
    for query in ("", "?scenarie=findes-ikke", "?scenarie=findes-ikke&antal=0"):
        stage.send(f"sandbox youths {query}", "GET", f"/sandbox/unge{query}", headers=SANDBOX)
