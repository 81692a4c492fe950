"""A file that only a passphrase opens: where a desk keeps its token when the system has no safe keyring.

Argon2id makes the key (64 MB, three passes), AES-GCM seals and tells whether the passphrase was right. The file is
its owner's alone, and useless to whoever copies it. The passphrase is kept nowhere.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from app.domain.errors import NeedsPassword, Unavailable
from app.refusals import HERE, note_refusal

SHORTEST = 8
"""Letters of a passphrase."""
_MARK = b"firstring sealed 1\n"
_SALT, _NONCE = 16, 12


def seal(path: Path, text: str, passphrase: str) -> None:
    """Keep a text, whole or not at all. Raises Unavailable where the file can't be written."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    closed = AESGCM(_key(passphrase, salt)).encrypt(nonce, text.encode(), _MARK)
    draft = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_MARK + salt + nonce + closed)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise Unavailable(
            f"Nothing can be kept in {path.parent} ({error.strerror or error}).", "Not joined"
        ) from error


def unseal(path: Path, passphrase: str) -> str:
    """The text. Raises NeedsPassword for a wrong passphrase, Unavailable for a file that is no such file."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unavailable(f"{path} can't be read ({error.strerror or error}).") from error
    rest = content.removeprefix(_MARK)
    if rest == content or len(rest) < _SALT + _NONCE + 16:
        raise Unavailable(f"{path} is damaged. Ask for a new invitation.")
    salt, nonce, closed = rest[:_SALT], rest[_SALT : _SALT + _NONCE], rest[_SALT + _NONCE :]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, closed, _MARK).decode()
    except InvalidTag:
        note_refusal(HERE, "passphrase", "wrong")
        raise NeedsPassword(
            "That is not this desk’s passphrase. If nobody knows it, ask for a new invitation.", refused=True
        ) from None


def _key(passphrase: str, salt: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        passphrase.encode(errors="replace"),
        salt,
        time_cost=3,
        memory_cost=64 * 1024,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )
