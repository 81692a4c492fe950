"""From nothing to the first paint, to a usable queue, and the memory of a desk at rest.

Fresh processes, turn about: a bare Qt window with a table, and the program with a floor of 500 open leads. Time runs
from the start of the process. Both paint to the offscreen platform.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import Line

ROUNDS = 9
LEADS = 500
ROOT = Path(__file__).resolve().parents[2]

_RSS = "int([l for l in open('/proc/self/status') if l.startswith('VmRSS')][0].split()[1]) / 1024"
_BARE = f"""
import sys, time
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
class Window(QMainWindow):
    def event(self, event):
        done = super().event(event)
        if event.type() == QEvent.Type.UpdateRequest:
            print("painted", time.perf_counter(), flush=True)
            QTimer.singleShot(1500, rest)
        return done
def rest():
    print("rss", {_RSS}, flush=True)
    app.quit()
app = QApplication([])
window = Window()
window.setCentralWidget(QTableView())
window.resize(1440, 900)
window.show()
app.exec()
"""
_DESK = f"""
import sys, time
sys.path.insert(0, sys.argv[1])
import app.ui.shell as shell
paint = shell.Shell.when_painted
def when_painted(self, then):
    def both():
        print("painted", time.perf_counter(), flush=True)
        then()
    paint(self, both)
shell.Shell.when_painted = when_painted
from PySide6.QtCore import QTimer
import app.boot
from app.ui.start import Start
take = Start._take_session
def taken(self, session, me):
    take(self, session, me)
    self._desk.when_usable(lambda: QTimer.singleShot(0, usable))
def usable():
    print("usable", time.perf_counter(), flush=True)
    QTimer.singleShot(6000, rest)
def rest():
    from PySide6.QtWidgets import QApplication
    print("rss", {_RSS}, flush=True)
    QApplication.instance().closeAllWindows()
Start._take_session = taken
raise SystemExit(app.boot.main([]))
"""


def _measure(code: str, *arguments: str, environment: dict[str, str]) -> dict[str, float]:
    """What a fresh process said of itself: milliseconds since its start by name, and rss in MB."""
    began = time.perf_counter()
    words = [sys.executable, "-c", code, *arguments]
    process = subprocess.run(words, capture_output=True, text=True, env=environment, timeout=60, check=False)
    if process.returncode:
        raise RuntimeError(process.stderr)
    said: dict[str, float] = {}
    for line in process.stdout.splitlines():
        name, value = line.split()
        said.setdefault(name, float(value) if name == "rss" else (float(value) - began) * 1000)
    return said


def run() -> list[Line]:
    from app.boot import Session, new_floor
    from app.clock import SystemClock, new_id
    from app.domain.commands import CaptureInquiry, SetStatus
    from app.domain.inquiry import Inquiry
    from app.domain.lead import RepStatus

    with tempfile.TemporaryDirectory() as folder:
        address = str(Path(folder) / "floor.firstring")
        me = new_floor(address, "Bench", "Mara Keller")
        session = Session(address, SystemClock())
        desk = session.floor.as_actor(me)
        desk.do(SetStatus(status=RepStatus.AVAILABLE))
        for number in range(LEADS):
            form = f"name=Person {number}&email=p{number}@example.com&phone=%2B1212555{number:04d}&message=brochure"
            inquiry = Inquiry(
                id=new_id(), channel="form", raw=form.encode(), content_type="application/x-www-form-urlencoded",
                received_at=session.clock.now(),
            )  # fmt: skip
            session.floor.as_actor("capture").do(CaptureInquiry(inquiry=inquiry))
        session.close()
        (Path(folder) / "desk.json").write_text(f'{{"last_floor": "{address}", "port": 0, "theme": "light"}}')
        environment = {
            **os.environ, "QT_QPA_PLATFORM": "offscreen", "FIRSTRING_HOME": folder, "FIRSTRING_SOUND": "off",
            "FIRSTRING_TOASTS": "inapp",
        }  # fmt: skip
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        bare: list[dict[str, float]] = []
        ours: list[dict[str, float]] = []
        for turn in range(ROUNDS + 1):
            pair = (
                _measure(_BARE, environment=environment),
                _measure(_DESK, str(ROOT), environment=environment),
            )
            if turn:  # the first one fills the caches
                bare.append(pair[0])
                ours.append(pair[1])

    def median(said: list[dict[str, float]], name: str) -> float:
        return statistics.median(one[name] for one in said)

    window, memory = median(bare, "painted"), median(bare, "rss")
    painted, usable, rss = median(ours, "painted"), median(ours, "usable"), median(ours, "rss")
    return [
        Line(what="first paint, of a bare window's", value=painted / window, limit=1.5,
             note=f"{painted:.0f} ms against {window:.0f} ms"),
        Line(what="usable queue, of a bare window's paint", value=usable / window, limit=4.0,
             note=f"{usable:.0f} ms against {window:.0f} ms, {LEADS} leads"),
        Line(what="memory at rest, of a bare window's", value=rss / memory, limit=2.5,
             note=f"{rss:.0f} MB against {memory:.0f} MB"),
    ]  # fmt: skip
