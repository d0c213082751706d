"""Why PostgreSQL refused a connection, from the words of its refusal: libpq passes on no code."""

import re
from typing import Final

_SET_IT: Final = "Set the role's password in UDB_DATABASE_URL or in .pgpass."
_REASONS: Final = (
    (r'authentication failed for user "(.+?)"', "authentication failed for role {}. " + _SET_IT),
    (r"no password supplied", "it asks for a password. " + _SET_IT),
    (r'role "(.+?)" does not exist', "it has no role {}. Make the role, or correct UDB_DATABASE_URL."),
    (r'role "(.+?)" is not permitted to log in', "role {0} may not log in. Run in psql: ALTER ROLE {0} LOGIN"),
    (r'pg_hba.conf .*?user "(.+?)"', "its pg_hba.conf refuses role {} from this host."),
    (r'permission denied for database "(.+?)"', "the role has no right to connect to database {}."),
    (r'database "(.+?)" does not exist', "it has no database {}. Make it, or correct UDB_DATABASE_URL."),
)


def refusal(message: str) -> str | None:
    """Return why the server refused the login, without host and password; None if that is not what the message says.

    ``message``: libpq's, in English. In another language (``lc_messages``) no refusal is found.
    """
    for pattern, reason in _REASONS:
        if found := re.search(pattern, message, re.DOTALL):
            return "The database refuses the login: " + reason.format(*found.groups())
    return None
