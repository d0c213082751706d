"""The test provider as a WSGI application: OpenID Connect with authorization code and PKCE, an issuer for each door.

Its key and its codes live in this one process. It sends browsers to one redirect address alone.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask, Response, abort, redirect, render_template, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.wrappers import Response as Answer

from udb.domain.clock import system_time
from udb.sandbox.idp.users import Behaviour, User

SLOW_SECONDS: Final = 10
TOKEN_LASTS: Final = timedelta(minutes=5)
CODE_LASTS: Final = timedelta(minutes=1)
CLIENT_ID: Final = "ungedatabasen"
_BITS: Final = 2048


@dataclass(frozen=True, slots=True)
class _Code:
    user: User
    client_id: str
    challenge: str
    nonce: str


class _Provider:
    """The provider's pages, and the codes it has given out."""

    def __init__(self, address: str, redirect_uri: str, secret: str, users: Callable[[], Sequence[User]]) -> None:
        self._address, self._redirect_uri, self._secret, self._users = address, redirect_uri, secret, users
        self._key, self._foreign = (
            RSAKey.generate_key(_BITS, {"kid": name, "use": "sig"}) for name in ("sandbox", "fremmed")
        )
        self._codes: dict[str, _Code] = {}
        self._lock = threading.Lock()

    def discovery(self, door: str) -> Mapping[str, Any]:
        issuer = f"{self._address}/{door}"
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/log-ind",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{self._address}/noegler",
            "end_session_endpoint": f"{self._address}/log-ud",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> Mapping[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def choose(self, door: str) -> str:
        _require_request(self._redirect_uri)
        return render_template("users.html", users=[user for user in self._users() if user.door == door])

    def chosen(self, door: str) -> Answer:
        _require_request(self._redirect_uri)
        wanted = request.form.get("bruger")
        user = next((one for one in self._users() if one.door == door and one.key == wanted), None)
        if user is None:
            abort(HTTPStatus.BAD_REQUEST)
        code, asked = secrets.token_urlsafe(), request.args
        with self._lock:
            self._codes[code] = _Code(user, asked["client_id"], asked["code_challenge"], asked.get("nonce", ""))
        return redirect(f"{self._redirect_uri}?{urlencode({'code': code, 'state': asked.get('state', '')})}")

    def token(self, door: str) -> Any:
        with self._lock:
            given = self._codes.pop(request.form.get("code", ""), None)
        if given is None or given.user.door != door or not _is_client(self._secret) or not _is_proven(given):
            return {"error": "invalid_grant"}, HTTPStatus.BAD_REQUEST
        if given.user.behaviour is Behaviour.SLOW:
            time.sleep(SLOW_SECONDS)
        if given.user.behaviour is Behaviour.FAILS:
            abort(HTTPStatus.INTERNAL_SERVER_ERROR)
        claims = _claims(f"{self._address}/{door}", given)
        return {
            "access_token": secrets.token_urlsafe(),
            "token_type": "Bearer",
            "id_token": _signed(claims, given.user.behaviour, self._key, self._foreign),
        }

    def out(self) -> Answer | str:
        back = request.args.get("post_logout_redirect_uri", "")
        if back.startswith(self._redirect_uri.partition("/web/")[0] + "/"):
            return redirect(back)
        return render_template("out.html")


def application(address: str, redirect_uri: str, secret: str, users: Callable[[], Sequence[User]]) -> Flask:
    """Return the provider.

    ``address``: its own; ``redirect_uri``: the only address it sends browsers back to; ``secret``: of its client;
    ``users``: read when the page of users is shown, since a reset of the sandbox makes others.
    """
    app = Flask("udb.sandbox.idp", static_folder=None)
    provider = _Provider(address, redirect_uri, secret, users)
    app.add_url_rule("/<door>/.well-known/openid-configuration", "discovery", provider.discovery)
    app.add_url_rule("/noegler", "keys", provider.keys)
    app.add_url_rule("/<door>/log-ind", "choose", provider.choose)
    app.add_url_rule("/<door>/log-ind", "chosen", provider.chosen, methods=["POST"])
    app.add_url_rule("/<door>/token", "token", provider.token, methods=["POST"])
    app.add_url_rule("/log-ud", "out", provider.out)
    app.after_request(_not_kept)
    return app


def _not_kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _require_request(redirect_uri: str) -> None:
    asked = request.args
    is_right = (
        asked.get("response_type") == "code"
        and asked.get("redirect_uri") == redirect_uri
        and asked.get("code_challenge_method") == "S256"
        and asked.get("code_challenge")
        and asked.get("client_id") == CLIENT_ID
    )
    if not is_right:
        abort(HTTPStatus.BAD_REQUEST)


def _is_client(secret: str) -> bool:
    given = request.authorization
    return (
        given is not None
        and given.username == CLIENT_ID
        and secrets.compare_digest((given.password or "").encode(), secret.encode())
    )


def _is_proven(code: _Code) -> bool:
    verifier = request.form.get("code_verifier", "")
    digest = hashlib.sha256(verifier.encode()).digest()
    return secrets.compare_digest(_text(digest), code.challenge)


def _claims(issuer: str, code: _Code) -> dict[str, Any]:
    now = system_time()
    behaviour = code.user.behaviour
    issued = now - timedelta(days=1) if behaviour is Behaviour.EXPIRED else now
    return {
        "iss": issuer,
        "aud": "en-anden" if behaviour is Behaviour.OTHER_CLIENT else code.client_id,
        "sub": code.user.key,
        "sid": secrets.token_urlsafe(),
        "iat": int(issued.timestamp()),
        "exp": int((issued + TOKEN_LASTS).timestamp()),
        "nonce": "forkert" if behaviour is Behaviour.WRONG_NONCE else code.nonce,
        **code.user.claims,
    }


def _signed(claims: dict[str, Any], behaviour: Behaviour, key: RSAKey, foreign: RSAKey) -> str:
    if behaviour is Behaviour.NO_SIGNATURE:
        return ".".join(_part(part) for part in ({"alg": "none", "typ": "JWT"}, claims)) + "."
    if behaviour is Behaviour.SHARED_SECRET:
        # The library signs with no public key, so this is written out.
        signed = ".".join(_part(part) for part in ({"alg": "HS256", "typ": "JWT", "kid": key.kid}, claims))
        proof = hmac.digest(key.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{_text(proof)}"
    signing = foreign if behaviour is Behaviour.WRONG_KEY else key
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, signing)


def _part(value: Mapping[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
