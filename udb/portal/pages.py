"""Answer with a page of a template, which every page of the portal does here."""

from http import HTTPStatus
from typing import Any

from flask import make_response, render_template
from werkzeug.wrappers import Response

from udb.portal.roles import may_open
from udb.portal.state import form_token, house, session


def page(template: str, status: HTTPStatus = HTTPStatus.OK, **values: Any) -> Response:
    """Return the page of a template with these values, beside those that the frame of every page shows."""
    found = session()
    html = render_template(
        template,
        session=found,
        role=found.rolle.words if found and found.rolle else None,
        form_token=form_token(),
        may_open_here=lambda endpoint: found is not None and may_open(endpoint, found.rolle),
        is_sandbox=house().context.settings.sandbox,
        **values,
    )
    return make_response(html, status)
