"""The headers of every page: what a browser may load, keep and hand on."""

from typing import Final

from flask import Response, request

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
STATIC: Final = "static_file"
"""The endpoint of style, script and fonts: the only answers that a browser may keep."""
_A_YEAR: Final = 365 * 24 * 3600


def set_headers(response: Response, *, sandbox: bool) -> Response:
    """Give an answer the portal's headers and return it; ``sandbox``: it may be reached without TLS."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if not sandbox:
        response.headers["Strict-Transport-Security"] = f"max-age={_A_YEAR}"
    if request.endpoint != STATIC:
        response.headers["Cache-Control"] = "no-store"
    return response
