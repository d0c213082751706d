"""References to youths in addresses: they mean something in one session alone, and hold no CPR number.

A reference is the person's id and a check, encrypted as one block under the session's own key. So none is stored, a
page that lists youths writes nothing for them, and a reference that was changed or is another session's names no one.
"""

import base64
import binascii
import hashlib
import struct
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_CHECK: Final = 0
_BLOCK: Final = struct.Struct(">QQ")
_PADDING: Final = "=="


def reference_of(person_id: int, noegle: str) -> str:
    """Return the reference to a person in the session with a key: 22 characters that fit an address."""
    encryptor = _cipher(noegle).encryptor()
    block = encryptor.update(_BLOCK.pack(_CHECK, person_id)) + encryptor.finalize()
    return base64.urlsafe_b64encode(block).decode().rstrip("=")


def person_of(reference: str, noegle: str) -> int | None:
    """Return the id of the person that a reference names in the session with a key; None when it names no one."""
    try:
        block = base64.b64decode(reference + _PADDING, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    if len(block) != _BLOCK.size:
        return None
    decryptor = _cipher(noegle).decryptor()
    check, person_id = _BLOCK.unpack(decryptor.update(block) + decryptor.finalize())
    return int(person_id) if check == _CHECK else None


def _cipher(noegle: str) -> Cipher[modes.ECB]:
    # One block that is never repeated for another content: the mode that chains blocks has nothing to do.
    key = hashlib.sha256(noegle.encode()).digest()
    return Cipher(algorithms.AES256(key), modes.ECB())  # noqa: S305 - a single block, see above
