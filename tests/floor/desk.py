"""The desk of one rep on a floor that can be away, for tests of what happens then."""

from __future__ import annotations

import threading
from pathlib import Path

from app.domain.commands import EndAttempt, LogOutcome, StartAttempt
from app.domain.lead import Lead, Outcome
from app.floor.offline import OfflineFloor
from tests.floor.cable import Cable
from tests.floor.stand import PATIENCE, Ear, Stand


class Desk:
    """The desk of one rep on a floor that can be away."""

    def __init__(self, stand: Stand, journal: Path, me: str) -> None:
        self.stand = stand
        self.me = me
        self.cable = Cable(stand.house.door(me))
        self.floor = OfflineFloor(self.cable, journal, stand.clock, me)
        self._changed = threading.Condition()
        self.floor.on_change(self._note)
        self.ear = Ear(self.floor)
        self.ear.until(0)
        self.settled()

    def _note(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def settled(self) -> Desk:
        """Wait until nothing is unsent and the board has seen all there is."""
        with self._changed:
            sent = self._changed.wait_for(lambda: not self.floor.unsent or self.cable.is_cut, PATIENCE)
        assert sent, self.floor.unsent
        if not self.cable.is_cut:
            batch = self.stand.house.local.as_actor(self.me).batch_after(None)  # type: ignore[attr-defined]
            self.ear.until(batch.last)
        return self

    def mend(self) -> Desk:
        self.cable.mend()
        return self.settled()

    def call(self, lead: Lead, outcome: Outcome = Outcome.NO_ANSWER, **said: object) -> str:
        """A whole call: begun, hung up, its outcome said; the attempt."""
        clock = self.stand.clock
        attempt = self.floor.do(StartAttempt(lead_id=lead.id)).value.attempt_id
        clock.advance(seconds=30)
        self.floor.do(EndAttempt(attempt_id=attempt))
        clock.advance(seconds=10)
        self.floor.do(LogOutcome(lead_id=lead.id, outcome=outcome, **said))  # type: ignore[arg-type]
        return attempt

    def shown(self, lead_id: str) -> Lead:
        return self.ear.board.leads[lead_id]

    def close(self) -> None:
        self.ear.stop()
        self.floor.close()
