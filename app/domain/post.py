"""What the floor writes to people and programs outside its desks, and when it tries again.

A message is written into the outbox in the transaction of what it tells, with its id fixed there; what sends it
may die at any moment, so it promises "at least once, and every time under the same id", never "once".
"""

from __future__ import annotations

from app.domain.chain import Way
from app.domain.frozen import dataclass

SENDING = "outbox"
"""The lease of whoever sends the mail that is in the outbox."""
FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 3600.0
GIVE_UP_S = 24 * 3600.0
"""From when a message was written; a warning of yesterday warns nobody."""
UNSURE_S = 120.0
"""Seconds after which a message that somebody began to send, and said no more of, is sent again."""
RECENT_S = 24 * 3600.0
"""A floor sends messages by a way if some computer did so within this time; else nothing is written for nobody to
send."""
LEASES = {Way.EMAIL: SENDING, Way.SMS: f"{SENDING} sms", Way.WEBHOOK: f"{SENDING} webhook"}
"""By way: a computer that has a mail account need not have a gateway for text messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message on its way, for one try."""

    id: str
    """Fixed when it was written: who gets it twice can tell."""
    to: str
    """An address or a number; empty for a program, whose place the computer that sends knows."""
    to_name: str
    subject: str
    body: str
    attempt: int
    """1 for the first try."""
    way: Way = Way.EMAIL
    attached: str = ""
    """The page of a frozen week that goes with it: the week, and whose page, "2026-W47 rep". In the outbox stands
    this and not the file, which is drawn anew for each try from bytes that never change."""
    file: bytes = b""
    """That page as a PDF, once it is drawn."""


def wait_after(attempt: int, roll: float) -> float:
    """Seconds until the next try: 5, 10, 20 … to an hour, less up to a half of it by `roll` (0 to 1), so that many
    messages that failed together don't come back together."""
    whole = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempt - 1, 30))
    return whole * (1 - min(max(roll, 0.0), 1.0) / 2)
