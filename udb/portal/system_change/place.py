"""Who looks at a change: the main institution or kommune of the session, or STIL, which sees all and counts alone."""

from uuid import uuid4

from udb.domain.call import Call
from udb.domain.formaal import Formaal
from udb.portal.reporting.to_report import call_of
from udb.portal.roles import Role
from udb.portal.state import domain_now, house, the_session
from udb.statistics.system_change.announced import Change, is_a_kommune, main_of
from udb.statistics.system_change.look import User, find
from udb.store.engine import reading

_LONGEST_NUMBER = 9


def is_stil() -> bool:
    """Return whether the user is STIL's: no page shows them a youth."""
    return the_session().rolle is Role.DATAMEDARBEJDER


def user() -> User:
    """Return the user of this request."""
    session = the_session()
    with reading(house().context.engine) as connection:
        nummer = session.institution_nummer or ""
        main = None if is_stil() else main_of(connection, nummer) or nummer
        if main is not None and (session.rolle is Role.LEDER) != is_a_kommune(connection, main):
            # What a kommune registered is its manager's to see (A13), and no school's.
            main = ""
        return User(main, session.user, session.rolle.value if session.rolle else "", domain_now(connection))


def call(operation: str, formaal: Formaal = Formaal.DATAKVALITET) -> Call:
    """Return the call with which a page shows youths; ``operation``: the page's name in the read log."""
    return call_of(operation, the_session().institution_nummer or "", str(uuid4()), formaal=formaal)


def number_of(said: str) -> int:
    """Return the number that an address names; 0, which no change has, when it names none."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= _LONGEST_NUMBER else 0


def change_named(said: str) -> Change | None:
    """Return the change that an address names; None when there is none, or it is another's."""
    asking = user()
    with reading(house().context.engine) as connection:
        return find(connection, number_of(said), asking)
