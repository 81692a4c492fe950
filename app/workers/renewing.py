"""Keeps a desk's token fresh: looks once an hour whether it is a day old, and has it changed then."""

from __future__ import annotations

import logging
import threading

from app.clock import Clock
from app.domain.errors import AppError
from app.floor.seat import OpenSeat

LOOK_S = 3600.0
SOON_S = 5.0
"""Seconds until the next look: as a rule, and while it is not known which token is in force."""
_log = logging.getLogger(__name__)


class Renewing:
    """One thread, from `start` to `stop`."""

    def __init__(self, seat: OpenSeat, clock: Clock) -> None:
        self._seat = seat
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="renewing", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                if self._seat.renew_when_due(self._clock):
                    _log.info("this desk's token was changed")
            except AppError as error:
                _log.info("this desk's token was not changed: %s", error.message)
            if self._stopping.wait(SOON_S if self._seat.unsettled else LOOK_S):
                return
