"""The Qt binding keeps Python's own objects alive.

PySide6 6.12.0 on Python 3.10 and 3.11 gives back one reference to True too many at every `Signal.emit`;
after some thousands of leads the interpreter frees True and aborts. Hence the pin in pyproject.toml, and
this test of it.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal, Slot

EMITS = 2000


class Bell(QObject):
    rung = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0
        self.rung.connect(self.hear)

    @Slot(object)
    def hear(self, _: object) -> None:
        self.heard += 1


def test_emitting_does_not_use_up_true() -> None:
    bell = Bell()
    before = sys.getrefcount(True)
    for number in range(EMITS):
        bell.rung.emit(number)
    assert bell.heard == EMITS
    assert sys.getrefcount(True) > before - EMITS // 10
