"""Sealed texts: encrypted before they reach the database, with keys that can be changed and never sit beside it.

    sealed = seal("JBSWY3DPEHPK3PXP", purpose="second-factor")
    unseal(sealed, purpose="second-factor")

The newest key seals; any key of `settings.FIELD_KEYS` opens. A text sealed for one purpose opens for no other.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotUnseal(Exception):
    """The text was sealed with a key, or for a purpose, that is not this one."""


def seal(text: str, *, purpose: str) -> str:
    """Encrypt a text for one purpose, with the newest key."""
    return _lock(purpose, _keys()).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, *, purpose: str) -> str:
    """Decrypt a text that was sealed for this purpose, by any key still held."""
    try:
        return _lock(purpose, _keys()).decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, UnicodeEncodeError):
        raise CannotUnseal(
            f"a text sealed for '{purpose}' does not open: its key is not among LONGLIGHT_FIELD_KEY "
            "and LONGLIGHT_FIELD_KEY_BEFORE"
        ) from None


def reseal(sealed: str, *, purpose: str) -> str:
    """The same text, sealed anew with the newest key."""
    return seal(unseal(sealed, purpose=purpose), purpose=purpose)


def _keys() -> tuple[str, ...]:
    return tuple(settings.FIELD_KEYS)


@lru_cache(maxsize=64)
def _lock(purpose: str, keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key, purpose)) for key in keys])


def _derived(key: str, purpose: str) -> bytes:
    derivation = HKDF(SHA256(), length=32, salt=None, info=f"longlight {purpose}".encode())
    return base64.urlsafe_b64encode(derivation.derive(key.encode()))
