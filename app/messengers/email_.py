"""E-mail, handed to a mail server by SMTP.

An account is an address: `smtps://login@server:465?from=floor@firm.example` (encrypted from the first byte) or
`smtp://…:587` (encrypted by STARTTLS before anything is said). Without encryption mail goes to this computer
only. The server's 250 is what counts: what goes wrong after it is no reason to send again.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from app.domain.errors import Refused
from app.domain.post import Message
from app.messengers._sent import NotSent

PATIENCE_S = 15.0
"""Seconds to wait for each answer of the server."""
_HERE = ("localhost", "127.0.0.1", "::1")
_PORTS = {"smtps": 465, "smtp": 587}
_REFUSED = 500
"""From this code on an SMTP server means "never"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    server: str
    port: int
    login: str
    sender: str
    is_tls: bool
    """Encrypted from the first byte."""


def account_of(address: str) -> Account:
    """Read an account's address; raises Refused if it is not one."""
    try:
        parts = urlsplit(address)
        port = parts.port
        sender = Address(addr_spec=parse_qs(parts.query)["from"][0]).addr_spec
    except (ValueError, KeyError, MessageError) as error:
        raise Refused(
            "A mail account is written like smtps://login@mail.firm.example:465?from=floor@firm.example.",
            "No mail account",
        ) from error
    if parts.scheme not in _PORTS or not parts.hostname or "@" not in sender:
        raise Refused(
            "A mail account begins with smtps:// or smtp:// and a server, and says from=.", "No mail account"
        )
    if parts.password is not None:
        raise Refused("The password is asked for by itself; leave it out of the address.", "No mail account")
    return Account(
        server=parts.hostname,
        port=port or _PORTS[parts.scheme],
        login=unquote(parts.username or ""),
        sender=sender,
        is_tls=parts.scheme == "smtps",
    )


def send(message: Message, account: Account, password: str) -> None:
    """Hand one message over. Raises NotSent."""
    try:
        client = _connected(account)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(_why(error)) from error
    try:
        if account.login:
            client.login(account.login, password)
        client.send_message(_mail(message, account), account.sender, [message.to])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise NotSent(f"{code} {_text(said)}", is_final=code >= _REFUSED) from error
    except smtplib.SMTPDataError as error:
        raise NotSent(_why(error), is_final=error.smtp_code >= _REFUSED) from error
    except (OSError, smtplib.SMTPException, MessageError, ValueError) as error:
        raise NotSent(_why(error)) from error
    else:
        with suppress(OSError, smtplib.SMTPException):
            client.quit()
    finally:
        client.close()


def _connected(account: Account) -> smtplib.SMTP:
    """A line to the server, encrypted unless it stays on this computer."""
    where = account.server, account.port
    if account.is_tls:
        return smtplib.SMTP_SSL(*where, timeout=PATIENCE_S, context=ssl.create_default_context())
    client = smtplib.SMTP(*where, timeout=PATIENCE_S)
    try:
        client.ehlo()
        if client.has_extn("starttls"):
            if account.server not in _HERE:
                client.starttls(context=ssl.create_default_context())
        elif account.server not in _HERE:
            raise smtplib.SMTPException("the server does not encrypt")
    except BaseException:
        client.close()
        raise
    return client


def _mail(message: Message, account: Account) -> EmailMessage:
    """The message as it is sent, every time under the same Message-ID. What came from outside stays in its line."""
    mail = EmailMessage()
    mail["From"] = Address("Firstring", addr_spec=account.sender)
    mail["To"] = Address(_line(message.to_name), addr_spec=message.to)
    mail["Subject"] = _line(message.subject)
    mail["Message-ID"] = f"<{message.id}@firstring.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    if message.file:
        name = f"{_line(message.attached).split(maxsplit=1)[0]}.pdf"
        mail.add_attachment(message.file, maintype="application", subtype="pdf", filename=name)
    return mail


def _line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
