"""What every page of one worker process shares, and what one request carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app, g
from sqlalchemy import Connection

from udb.context import Context
from udb.portal.login.provider import Provider
from udb.portal.sessions import Session
from udb.store.state import SANDBOX_CLOCK, read
from udb.store.state import domain_now as now_by


@dataclass(frozen=True, slots=True)
class House:
    """The portal of one worker process. ``providers``: of the open doors, by the door's name."""

    context: Context
    providers: Mapping[str, Provider]


def house() -> House:
    """Return the portal that answers this request."""
    return cast("House", current_app.extensions["udb"])


def domain_now(connection: Connection) -> datetime:
    """Return the domain's now; read it once a request."""
    clock = read(connection, SANDBOX_CLOCK) if house().context.settings.sandbox else None
    return now_by(clock)


def session() -> Session | None:
    """Return the session of this request, None without one."""
    return cast("Session | None", g.get("session"))


def the_session() -> Session:
    """Return the session of this request; for pages that cannot be opened without one."""
    found = session()
    assert found is not None, "the guard lets no request in without a session"
    return found


def form_token() -> str:
    """Return the token that this request's forms carry; empty without a session."""
    found = session()
    return found.csrf if found else ""
