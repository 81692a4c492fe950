"""A desk's PIN: which ones are good enough, and how long somebody waits who got it wrong.

A few slips of the finger cost nothing. After them each wrong try doubles the wait, up to a quarter of an hour, so
that four digits hold out for months against somebody who sits at the desk.
"""

from __future__ import annotations

from datetime import datetime

SHORTEST, LONGEST = 4, 64
FREE_TRIES = 3
"""Wrong tries in a row after which one waits."""
FIRST_WAIT_S = 30.0
LONGEST_WAIT_S = 900.0
_RUNS = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertzuiop",
    "qwertyuiop",
)


def pin_trouble(pin: str) -> str:
    """Why this is no PIN, as a sentence; "" when it is one."""
    if not SHORTEST <= len(pin) <= LONGEST:
        return f"A PIN has at least {SHORTEST} digits or letters, and at most {LONGEST}."
    if len(set(pin)) == 1 or any(pin.lower() in run for run in _RUNS):
        return "That is the first PIN that anybody tries. Choose another one."
    return ""


def wait_after(wrong: int) -> float:
    """Seconds to wait after so many wrong tries in a row."""
    if wrong < FREE_TRIES:
        return 0.0
    return float(min(FIRST_WAIT_S * 2 ** min(wrong - FREE_TRIES, 16), LONGEST_WAIT_S))


def wait_left(wrong: int, last: datetime | None, now: datetime) -> float:
    """Seconds that are left of it `now`; a clock that was set back makes nobody wait longer than that."""
    whole = wait_after(wrong)
    if last is None or not whole:
        return 0.0
    return min(whole, max(0.0, whole - (now - last).total_seconds()))
