"""What is always there beside the services: the front page, health and metrics; and the sandbox, where there is one."""

from html import escape
from http import HTTPStatus
from wsgiref.types import WSGIApplication

from sqlalchemy import Engine

from udb.errors import DatabaseUnavailable, OtherVersion
from udb.house import House
from udb.log import metrics
from udb.rulebook import html as rulebook
from udb.rulebook import pages as rulebook_pages
from udb.sandbox.http import HEADER, ROOT, sandbox_app
from udb.services import SERVICES
from udb.store.engine import require_writable
from udb.store.migrate import require_expected_version
from udb.web import Reply, json_reply, page


def pages(house: House, sandbox: Engine | None = None) -> dict[str, WSGIApplication]:
    """What answers outside ``/services``, by path; ``sandbox``: the database of what is below ``/sandbox``, if it is
    reached in another way.
    """
    found = {
        "/": page(lambda _environ: front_page(house)),
        rulebook.ROOT: rulebook_pages.application(),
        "/health/live": page(lambda _environ: json_reply({"status": "up"})),
        "/health/ready": page(lambda _environ: _ready(house)),
        "/metrics": page(metrics.exposed),
    }
    if house.settings.sandbox:
        found[ROOT] = sandbox_app(sandbox or house.engine, house.settings.egne_vaerter)
    return found


def _ready(house: House) -> Reply:
    """Whether calls can be answered: the database is there, takes writes, and is of this program's version."""
    try:
        require_expected_version(house.engine)
        require_writable(house.engine)
    except (DatabaseUnavailable, OtherVersion):
        return json_reply({"status": "down"}, HTTPStatus.SERVICE_UNAVAILABLE)
    return json_reply({"status": "up"})


def front_page(house: House) -> Reply:
    """What this is, and where the contracts are."""
    services = "".join(
        f'<li><a href="{escape(service.path)}?wsdl">{escape(service.name)}</a></li>' for service in SERVICES.values()
    )
    sandbox = (
        "<h2>Sandkasse</h2><p>Alle unge, skoler og indkomster her er opfundet; der er lagt 60 til dagen i CPR-numrene. "
        f"<code>{ROOT}/status</code> viser uret, systemerne og deres nøgler. Alle kald til <code>{ROOT}</code> "
        f"skal have headeren <code>{HEADER}: 1</code>.</p>"
        if house.settings.sandbox
        else ""
    )
    html = f"""<!doctype html>
<html lang="da">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Ungedatabasen</title>
<style>body{{font:1rem/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}}</style></head>
<body>
<h1>Ungedatabasen</h1>
<p>En åben referenceimplementering af Danmarks register over unge fra 15 til 29 år. Uddannelsesinstitutioner,
kommuner og jobcentre indberetter, hvad de unge begynder på, afbryder og gennemfører; kommunerne henter det om
deres unge.</p>
<h2>Regler</h2>
<p>I <a href="{rulebook.ROOT}">regelbogen</a> står, hvilke svar en indberetning kan få, og hvad I så skal gøre.</p>
<h2>Tjenester</h2>
<p>SOAP 1.1 og 1.2 på samme adresse. Hvert link er tjenestens kontrakt (WSDL).</p>
<ul>{services}</ul>
{sandbox}
<h2>Drift</h2>
<ul><li><a href="/health/live">/health/live</a>: processen svarer</li>
<li><a href="/health/ready">/health/ready</a>: databasen svarer, kan skrives i og har den rigtige version</li>
<li><a href="/metrics">/metrics</a>: tal til Prometheus</li></ul>
</body>
</html>
"""
    return Reply(html.encode(), "text/html; charset=utf-8")
