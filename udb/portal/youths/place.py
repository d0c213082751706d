"""The kommune of the session's user, and the calls that its pages make."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import ParamSpec
from uuid import uuid4

from werkzeug.wrappers import Response

from udb.domain.call import Call
from udb.domain.errors import NoDataaftale
from udb.domain.formaal import Formaal
from udb.domain.services import DATA_TIL_KOMMUNE
from udb.portal.pages import page
from udb.portal.reporting.to_report import call_of
from udb.portal.state import the_session
from udb.portal.youths.references import person_of, reference_of

P = ParamSpec("P")


def look(operation: str) -> Call:
    """Return the call with which a page looks at youths; ``operation``: the page's name in the read log."""
    session = the_session()
    return call_of(
        operation,
        session.institution_nummer or "",
        str(uuid4()),
        service=DATA_TIL_KOMMUNE,
        formaal=session.formaal or Formaal.VEJLEDNING,
    )


def agreed(view: Callable[P, Response]) -> Callable[P, Response]:
    """Let a page say which agreement is lacking."""

    @wraps(view)
    def answered(*given: P.args, **more: P.kwargs) -> Response:
        try:
            return view(*given, **more)
        except NoDataaftale:
            return page("youths/not_agreed.html", HTTPStatus.FORBIDDEN, service=DATA_TIL_KOMMUNE)

    return answered


def reference(person_id: int) -> str:
    """Return this session's reference to a person."""
    return reference_of(person_id, the_session().noegle)


def person(said: str) -> int:
    """Return the id that a reference of this session names; 0, which is no person's, when it names no one."""
    return person_of(said, the_session().noegle) or 0
