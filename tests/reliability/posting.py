"""Inquiries that keep coming while something happens to the floor."""

from __future__ import annotations

import threading

from app.clock import FloorClock, new_id
from app.codec import encode
from app.domain.commands import CaptureInquiry
from app.domain.errors import Unavailable
from app.domain.inquiry import Inquiry
from app.floor.floor import Floor


class Posting(threading.Thread):
    """Somebody whose inquiries come all the time, and who sends one again until it is acknowledged."""

    def __init__(self, floor: Floor, source: str, pause: float = 0.02) -> None:
        super().__init__(name="posting")
        self._floor, self._source, self._pause = floor, source, pause
        self.acknowledged: list[str] = []
        self.cursor = 0
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            number = len(self.acknowledged)
            raw = encode(
                {"name": f"Person {number}", "email": f"p{number}@{self.name}.example", "message": "hello"}
            )
            inquiry = Inquiry(
                id=new_id(), channel="json", source_id=self._source, raw=raw, received_at=FloorClock().now()
            )
            command = CaptureInquiry(inquiry=inquiry)
            while True:
                try:
                    receipt = self._floor.do(command)
                    break
                except Unavailable:
                    if self._ended.wait(0.2):
                        return
            self.acknowledged.append(inquiry.id)
            self.cursor = receipt.cursor
            self._ended.wait(self._pause)

    def stop(self) -> None:
        self._ended.set()
        self.join()
