"""Check the Timestamp of a signed request."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from udb.domain.text import Text
from udb.wsdl.signature import names
from udb.wsdl.signature.examined import Examined
from udb.wsdl.signature.limits import LIFE_SECONDS, SKEW_SECONDS
from udb.wsdl.signature.reasons import Broken, Reason

_FORM: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_MICROSECONDS: Final = 7
"""How many characters of a fraction are kept, including the point."""
_LIFE: Final = timedelta(seconds=LIFE_SECONDS)
_SKEW: Final = timedelta(seconds=SKEW_SECONDS)


def check_timestamp(examined: Examined) -> Text:
    """Step: check that now is between Created and Expires, and within LIFE_SECONDS after Created (± SKEW_SECONDS)."""
    parts = [child.tag for child in examined.timestamp]
    if parts not in ([names.CREATED], [names.CREATED, names.EXPIRES]):
        raise Broken(Reason.TIME_UNREADABLE)
    created = _instant(examined.timestamp[0].text)
    expires = _instant(examined.timestamp[1].text) if len(parts) > 1 else created + _LIFE
    now = examined.policy.now
    sent = f"Created {_iso(created)}, Expires {_iso(expires)}"
    found = Text(f"{sent}, klokken er {_iso(now)}", f"{sent}, the time is {_iso(now)}")
    if expires <= created:
        raise Broken(Reason.TIME_REVERSED, found)
    if created > now + _SKEW:
        raise Broken(Reason.TIME_AHEAD, found)
    # Some toolkits always set Expires to ten minutes after Created.
    examined.expires = min(expires, created + _LIFE) + _SKEW
    if now > examined.expires:
        raise Broken(Reason.TIME_OVER, found)
    return found


def _instant(text: str | None) -> datetime:
    match = _FORM.fullmatch((text or "").strip())
    if match is None:
        raise Broken(Reason.TIME_UNREADABLE)
    second, fraction, zone = match.groups()
    if zone is None:
        raise Broken(Reason.TIME_WITHOUT_ZONE)
    try:
        return datetime.fromisoformat(f"{second}{(fraction or '')[:_MICROSECONDS]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise Broken(Reason.TIME_UNREADABLE) from None


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
