"""A provider of OpenID Connect as the portal's client: discovery, the way there, the code's exchange, the ID token.

Authorization code with PKCE (S256), state and nonce alone: nothing else of what a discovery document offers is used.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from udb.domain.clock import system_time
from udb.portal.login.doors import Door

TIMEOUT: Final = 5
"""Seconds that a provider has for each answer. The library has no limit of its own."""
ALGORITHMS: Final = ("RS256", "ES256")
LEEWAY: Final = 60
"""Seconds by which the provider's clock may differ."""
_KEYS_AGAIN: Final = timedelta(minutes=1)
_SCOPE: Final = "openid"


class ProviderUnreachable(Exception):
    """The provider does not answer, or not as its own discovery document promises."""


class TokenRefused(Exception):
    """The provider's answer proves nothing: a used code, a wrong signature, nonce, issuer or audience, an old token."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What a discovery document names."""

    authorization: str
    token: str
    keys: str
    end_session: str | None


class Provider:
    """The provider behind a door; discovery and keys are kept by the process."""

    def __init__(self, door: Door, redirect_uri: str) -> None:
        """``redirect_uri``: the portal's own address to which the provider sends the browser back."""
        self.door = door
        self._redirect_uri = redirect_uri
        self._lock = threading.Lock()
        self._endpoints: Endpoints | None = None
        self._keys: KeySet | None = None
        self._keys_read: datetime | None = None

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return the address to which the browser goes to log in. Raises ProviderUnreachable."""
        endpoints = self.endpoints()
        with self._session() as session:
            url, _ = session.create_authorization_url(
                endpoints.authorization, state=state, nonce=nonce, code_verifier=verifier
            )
        return str(url)

    def claims(self, *, code: str, nonce: str, verifier: str) -> Mapping[str, Any]:
        """Exchange a code and return the claims of its ID token, verified. Raises ProviderUnreachable, TokenRefused."""
        endpoints = self.endpoints()
        try:
            with self._session() as session:
                token = session.fetch_token(
                    endpoints.token, code=code, code_verifier=verifier, grant_type="authorization_code"
                )
        except (requests.RequestException, ValueError) as error:
            raise ProviderUnreachable from error
        except AuthlibBaseError as error:
            raise TokenRefused from error
        return self._verified(str(token.get("id_token") or ""), nonce)

    def verified(self, token: str) -> Mapping[str, Any]:
        """Return the claims of a logout token, verified but for its events.

        Raises ProviderUnreachable, TokenRefused.
        """
        return self._verified(token, None)

    def endpoints(self) -> Endpoints:
        """Return the provider's addresses, asked for once. Raises ProviderUnreachable."""
        with self._lock:
            if self._endpoints is None:
                self._endpoints = self._discovered()
            return self._endpoints

    def _discovered(self) -> Endpoints:
        found = _json(f"{self.door.issuer}/.well-known/openid-configuration")
        try:
            if found["issuer"].rstrip("/") != self.door.issuer:
                raise ProviderUnreachable
            return Endpoints(
                found["authorization_endpoint"],
                found["token_endpoint"],
                found["jwks_uri"],
                found.get("end_session_endpoint"),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ProviderUnreachable from error

    def _verified(self, token: str, nonce: str | None) -> Mapping[str, Any]:
        try:
            decoded = jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # The provider may have changed its keys; asked for at most once a minute, since anybody can send tokens.
            if not self._keys_are_old():
                raise TokenRefused from None
            try:
                decoded = jwt.decode(token, self._key_set(again=True), algorithms=ALGORITHMS)
            except (JoseError, ValueError) as error:
                raise TokenRefused from error
        wanted: dict[str, Any] = {
            "iss": {"essential": True, "value": decoded.claims.get("iss")},
            "aud": {"essential": True, "value": self.door.client_id},
            "exp": {"essential": True},
            "sub": {"essential": nonce is not None},
        }
        if nonce is not None:
            wanted["nonce"] = {"essential": True, "value": nonce}
        try:
            if str(decoded.claims.get("iss")).rstrip("/") != self.door.issuer:
                raise TokenRefused
            jwt.JWTClaimsRegistry(now=lambda: int(system_time().timestamp()), leeway=LEEWAY, **wanted).validate(
                decoded.claims
            )
        except (JoseError, ValueError) as error:
            raise TokenRefused from error
        return decoded.claims

    def _key_set(self, *, again: bool = False) -> KeySet:
        with self._lock:
            if self._keys is not None and not again:
                return self._keys
        endpoints = self.endpoints()
        try:
            keys = KeySet.import_key_set(_json(endpoints.keys))
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise ProviderUnreachable from error
        with self._lock:
            self._keys, self._keys_read = keys, system_time()
        return keys

    def _keys_are_old(self) -> bool:
        return self._keys_read is None or system_time() - self._keys_read >= _KEYS_AGAIN

    def _session(self) -> OAuth2Session:
        return OAuth2Session(
            self.door.client_id,
            self.door.secret,
            redirect_uri=self._redirect_uri,
            scope=_SCOPE,
            code_challenge_method="S256",
            default_timeout=TIMEOUT,
        )


def _json(url: str) -> Any:
    try:
        answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        return answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderUnreachable from error
