"""What is always there beside the services: the front page, health and metrics; and the sandbox, where there is one."""

from html import escape
from http import HTTPStatus
from wsgiref.types import WSGIApplication

from sqlalchemy import Engine

from udb.context import Context
from udb.domain.errors import DatabaseUnavailable, OtherVersion
from udb.domain.services import SERVICES
from udb.store.engine import require_writable
from udb.store.migrate import require_expected_version
from udb.web import metrics
from udb.web import rulebook as rulebook_pages
from udb.web import rulebook_html as rulebook
from udb.web.http import Reply, json_reply, page
from udb.web.sandbox_api import HEADER, ROOT, sandbox_app


def pages(context: Context, sandbox: Engine | None = None) -> dict[str, WSGIApplication]:
    """What answers outside ``/services``, by path; ``sandbox``: the database of what is below ``/sandbox``, if it is
    reached in another way.
    """
    found = {
        "/": page(lambda _environ: front_page(context)),
        rulebook.ROOT: rulebook_pages.application(),
        "/health/live": page(lambda _environ: json_reply({"status": "up"})),
        "/health/ready": page(lambda _environ: _ready(context)),
        "/metrics": page(metrics.exposed),
    }
    if context.settings.sandbox:
        found[ROOT] = sandbox_app(sandbox or context.engine, context.settings.egne_vaerter)
    return found


def _ready(context: Context) -> Reply:
    """Whether calls can be answered: the database is there, takes writes, and is of this program's version."""
    try:
        require_expected_version(context.engine)
        require_writable(context.engine)
    except (DatabaseUnavailable, OtherVersion):
        return json_reply({"status": "down"}, HTTPStatus.SERVICE_UNAVAILABLE)
    return json_reply({"status": "up"})


def front_page(context: Context) -> Reply:
    """What this is, and where the contracts are."""
    services = "".join(
        f'<li><a href="{escape(service.path)}?wsdl">{escape(service.name)}</a></li>' for service in SERVICES.values()
    )
    sandbox = (
        "<h2>Sandkasse</h2><p>Alle unge, skoler og indkomster her er opfundet; CPR-numrene har 60 lagt til dagen. "
        f"<code>{ROOT}/status</code> viser uret, systemerne og deres nøgler. Alle kald til <code>{ROOT}</code> "
        f"skal have headeren <code>{HEADER}: 1</code>.</p>"
        if context.settings.sandbox
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
<p><a href="{rulebook.ROOT}">Regelbogen</a> siger, hvad en indberetning kan få svar på, og hvad der så skal gøres.</p>
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
