"""The pages: front page, services, rule book, health and metrics; in a sandbox also its API."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication

from sqlalchemy import Engine

from udb.context import Context
from udb.domain.errors import ClockDisagrees, DatabaseUnavailable, OtherVersion
from udb.domain.services import SERVICES
from udb.store.migrate import require_expected_version
from udb.templating import environment
from udb.web import codesets, metrics, service_page
from udb.web import rulebook as rulebook_pages
from udb.web import rulebook_html as rulebook
from udb.web.http import Environ, Reply, json_reply, page
from udb.web.sandbox_api import HEADER, ROOT, sandbox_app
from udb.wsdl.contract_files import ARCHIVE_PATH
from udb.wsdl.endpoint.app import SERVICES_ROOT


def pages(context: Context, sandbox: Engine | None = None, portal: str | None = None) -> dict[str, WSGIApplication]:
    """Return the applications of the pages, by path.

    ``sandbox``: the engine that the pages below ``/sandbox`` use; None: the context's. ``portal``: the path of the
    pages for people, to which the front page leads; None: there are none.
    """
    found = {
        # Every address that is no other's.
        "": _missing,
        "/": page(lambda _environ: front_page(context, portal)),
        rulebook.ROOT: rulebook_pages.application(context.settings),
        rulebook.SETS: codesets.application(context.engine),
        SERVICES_ROOT: service_page.application(context.settings),
        "/health/live": page(lambda _environ: json_reply({"status": "up"})),
        "/health/ready": page(lambda _environ: _ready(context)),
        "/metrics": page(metrics.exposed),
    }
    if context.settings.sandbox:
        found[ROOT] = sandbox_app(sandbox or context.engine, context.settings.egne_vaerter, context.settings)
    return found


def _missing(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer that there is no such page, whatever the method."""
    body = _TEMPLATES.get_template("missing.html").render(language="da", style=rulebook.STYLE).encode()
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), **rulebook_pages.HEADERS}
    start_response("404 Not Found", [*headers.items(), ("X-Content-Type-Options", "nosniff")])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _ready(context: Context) -> Reply:
    """Return 200 if calls can be answered, else 503: the database is there, takes writes, and is of this
    program's version, and this host's clock can be trusted.
    """
    try:
        require_expected_version(context.engine)
        context.require_ready()
    except (DatabaseUnavailable, OtherVersion, ClockDisagrees):
        return json_reply({"status": "down"}, HTTPStatus.SERVICE_UNAVAILABLE)
    return json_reply({"status": "up"})


def front_page(context: Context, portal: str | None = None) -> Reply:
    """Return the front page: what the service is, and links to the contracts and the rule book."""
    html = _FRONT.render(
        language="da",
        style=rulebook.STYLE,
        portal=portal,
        rules=rulebook.ROOT,
        sets=rulebook.SETS,
        services=SERVICES.values(),
        archive=ARCHIVE_PATH,
        is_sandbox=context.settings.sandbox,
        root=ROOT,
        header=HEADER,
    )
    return Reply(html.encode(), "text/html; charset=utf-8", headers=rulebook_pages.HEADERS)


_TEMPLATES: Final = environment("udb.web")
_FRONT: Final = _TEMPLATES.get_template("front.html")
