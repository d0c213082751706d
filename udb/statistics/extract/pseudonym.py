"""The ids of youths in an extract: the same under one key, and nothing to go back from without it (portal 3.25)."""

import hmac
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from udb.domain.errors import WrongUse

PREFIX: Final = "UDB_UDTRAEK_NOEGLE_"
"""The variables that hold the keys, each followed by the key's id."""
_BYTES: Final = 32
_LENGTH: Final = 16
_HOW: Final = f"make one with: openssl rand -hex {_BYTES}"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of pseudonyms. ``id``: its name; ``secret``: 32 bytes, never written."""

    id: str
    secret: bytes

    def pseudonym(self, person_id: int) -> str:
        """Return the id of a person in the extract: 16 letters and digits."""
        return self._of(str(person_id))[:_LENGTH]

    @property
    def fingerprint(self) -> str:
        """What tells whether two extracts were made with the same key."""
        return self._of("udb udtraek")[:_LENGTH]

    def _of(self, text: str) -> str:
        return b32encode(hmac.digest(self.secret, text.encode(), "sha256")).decode()


def key_of(environ: Mapping[str, str], key_id: str | None) -> Key:
    """Return the key with an id, or the only one there is when no id is given.

    Raises WrongUse, which says what to set.
    """
    found = {name.removeprefix(PREFIX): value for name, value in environ.items() if name.startswith(PREFIX)}
    if key_id is None:
        if not found:
            raise WrongUse(f"No key for the pseudonyms: set {PREFIX}ID, ID being the key's name; {_HOW}")
        if len(found) > 1:
            raise WrongUse(f"Say with --key which key: {', '.join(sorted(found))}.")
        key_id = next(iter(found))
    if key_id not in found:
        raise WrongUse(f"There is no key {key_id}: set {PREFIX}{key_id}; {_HOW}")
    try:
        secret = bytes.fromhex(found[key_id])
    except ValueError:
        secret = b""
    if len(secret) != _BYTES:
        raise WrongUse(f"{PREFIX}{key_id} is not {_BYTES} bytes in hexadecimal; {_HOW}")
    return Key(key_id, secret)
