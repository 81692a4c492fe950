"""From nothing to a usable desk: the window first, the floor behind it.

The shell is shown and painted before anything heavy is loaded; then a thread looks into the floor while the
window says so; then the desk takes over and shows what was seen, and behind it the floor is opened whole and the
capture endpoints come up. A floor that can't be opened is said in one sentence, on the terminal and in the
window, where another choice can be made.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot

from app import settings as profile
from app.address import is_file, parted
from app.domain.errors import AppError, NeedsPassword, NoAnswer
from app.ui import actions, sessions
from app.ui.hearing import CANNOT, application
from app.ui.leaving import Leaving
from app.ui.quitting import Quitting
from app.ui.restoring import Restoring
from app.ui.shell import Shell

if TYPE_CHECKING:
    from app.domain.lead import Rep
    from app.store.backup import Backup
    from app.ui.desk import Desk
    from app.ui.lookout import Lookout
    from app.ui.single import Doorkeeper
    from app.ui.start_away import FloorAway
    from app.ui.tray import Tray
    from app.ui.welcome import Welcome

log = logging.getLogger(__name__)


class Start(QObject):
    """One run of the program with a window."""

    _opened = Signal(object, str)
    _unknown = Signal(object, object)
    _failed = Signal(object)
    _served = Signal(object)

    def __init__(
        self,
        open_floor: sessions.OpenFloor,
        practice: sessions.OpenPractice,
        new_floor: sessions.NewFloor,
        join_floor: sessions.JoinFloor,
        default: str,
    ) -> None:
        super().__init__()
        self._open_floor = open_floor
        self._open_practice = practice
        self._new_floor = new_floor
        self._join_floor = join_floor
        self._default = default
        self._settings = profile.load()
        self._shell: Shell | None = None
        self._welcome: Welcome | None = None
        self._session: sessions.OpenSession | None = None
        self._desk: Desk | None = None
        self._door: Doorkeeper | None = None
        self._tray: Tray | None = None
        self._away: FloorAway | None = None
        self._opening: Callable[[], tuple[sessions.OpenSession, str]] | None = None
        self._quitting = Quitting()
        self._worker: threading.Thread | None = None
        self._leaving = Leaving()
        self._lookout: Lookout | None = None
        self._code = 0
        self._address = ""
        self._restoring = Restoring(self._settings, self)
        self._restoring.wanted.connect(self._put_back)
        self._settling = QTimer(self, singleShot=True, interval=1500)
        self._settling.timeout.connect(self._settle)
        queued = Qt.ConnectionType.QueuedConnection
        self._opened.connect(self._take_session, queued)
        self._unknown.connect(self._ask_who, queued)
        self._failed.connect(self._take_failure, queued)
        self._served.connect(self._take_served, queued)

    def run(self, address: str = "", practice: tuple[int, float] | None = None) -> int:
        """Show the window and stay until it is closed; the exit code."""
        app = application(self._settings.theme)
        address = address or self._settings.last_floor
        if practice is not None:
            self._settings.path = None
            self._open_shell(lambda: self._open_practice(*practice))
        elif not address:
            trouble = sessions.place_trouble(self._default)
            self._code = CANNOT if trouble else 0
            self._ask_where(trouble)
        elif not sessions.raised(address):
            self._join(address)
        else:
            return 0
        app.exec()
        self._close()
        return self._code

    # the first question

    def _ask_where(self, trouble: str = "") -> None:
        from app.ui.lookout import Lookout
        from app.ui.welcome import Welcome

        if self._welcome is None:
            self._welcome = Welcome()
            self._welcome.practise.connect(self._practise)
            self._welcome.start.connect(self._begin_floor)
            self._welcome.join.connect(self._join)
            self._welcome.invited.connect(self._enter)
            self._lookout = Lookout(self._welcome)
        self._welcome.show()
        if trouble:
            self._welcome.refuse(trouble)

    @Slot()
    def _practise(self) -> None:
        self._settings.path = None  # nothing of it is kept, not even where its window was
        self._open_shell(lambda: self._open_practice(0, 1.0))

    @Slot(str, str, str)
    def _begin_floor(self, name: str, rep_name: str, country: str) -> None:
        address = sessions.free_place(self._default)

        def begin() -> tuple[sessions.OpenSession, str]:
            me = self._new_floor(address, name, rep_name, country)
            return self._open_floor(address), me

        self._open_shell(begin)

    @Slot(str)
    def _join(self, address: str) -> None:
        self._address = parted(address)[0]
        self._open_shell(lambda: (self._open_floor(address), ""))

    @Slot(str, str, str)
    def _enter(self, where: str, secret: str, passphrase: str) -> None:
        """Join by invitation, or open with its passphrase a floor that was joined before."""
        self._address = where
        self._open_shell(lambda: (self._join_floor(where, secret, passphrase), ""))

    # opening

    def _open_shell(self, opening: Callable[[], tuple[sessions.OpenSession, str]]) -> None:
        shell = self._shell = Shell()
        shell.on_close = self._closing
        if self._settings.geometry:
            shell.restore_geometry_bytes(bytes.fromhex(self._settings.geometry))
        shell.set_connection("catching", self.tr("opening the floor"))
        shell.set_loading(True)
        shell.show()
        if self._welcome is not None:
            self._welcome.hide()
        self._opening = opening
        self._worker = threading.Thread(target=self._open, args=(opening,), name="opener", daemon=True)
        # after the first paint: what the thread imports would hold it up
        shell.when_painted(self._worker.start)

    def _open(self, opening: Callable[[], tuple[sessions.OpenSession, str]]) -> None:
        """On the opener's thread."""

        def look() -> None:
            self._leaving.wait()
            session, me = opening()
            me = me or session.me
            reps = () if me else tuple(rep for rep in session.floor.reps() if rep.active)
            me = me or sessions.who_sits(session, reps, self._settings.me.get(session.address, ""))
            import_module("app.ui.desk")  # here, where the window need not wait for it
            if me:
                session.sit(me)
                self._opened.emit(session, me)
            else:
                self._unknown.emit(session, reps)

        sessions.tried(look, self._failed.emit)

    @Slot(object, object)
    def _ask_who(self, session: sessions.OpenSession, reps: Sequence[Rep]) -> None:
        """The database does not tell the person from the login: ask once, before the desk works."""
        from app.ui.who import WhoSheet

        assert self._shell is not None
        self._session = session
        sheet = WhoSheet(self._shell, reps)
        sheet.said.connect(lambda rep_id, name: self._sit_down(session, rep_id, name))
        sheet.rejected.connect(lambda: self._leave(session))
        sheet.open()

    def _sit_down(self, session: sessions.OpenSession, rep_id: str, name: str) -> None:
        def sit() -> None:
            try:
                me = sessions.sit_down(session, rep_id, name)
            except AppError as error:
                self._session = None
                self._failed.emit(error)
            else:
                self._opened.emit(session, me)

        self._worker = threading.Thread(target=sit, name="opener", daemon=True)
        self._worker.start()

    def _leave(self, session: sessions.OpenSession) -> None:
        """Nobody sat down: back to the first question."""
        self._session = None
        session.close()
        self._shut_shell()
        self._ask_where()

    @Slot(object, str)
    def _take_session(self, session: sessions.OpenSession, me: str) -> None:
        from app.floor.pin import pin_of
        from app.ui.desk import Desk
        from app.ui.single import Doorkeeper

        assert self._shell is not None
        self._session = session
        self._code = 0
        if self._lookout is not None:
            self._lookout.end()
        self._end_away()
        is_practice = Path(session.address).name == "practice.floor"
        if not is_practice:
            self._settings.last_floor = session.address
            self._settings.me[session.address] = me
            self._settings.save()
            self._door = Doorkeeper(session.address, self)
            self._door.knocked.connect(self._raise)
        place = sessions.place_of(session)
        pin = None if is_practice else pin_of(session.address)
        self._desk = Desk(self._shell, session.door, session.clock, me, self._settings, place=place, pin=pin)
        if self._desk.context.lock is not None:
            self._desk.context.lock.logged_out.connect(self._log_out, Qt.ConnectionType.QueuedConnection)
        self._desk.context.capture_url = session.capture_url
        self._desk.context.seat = session.seat
        self._desk.start(attends=True)
        self._shell.set_loading(False)
        if is_practice:
            self._shell.setWindowTitle(self.tr("Firstring · practice floor, nothing is kept"))
        elif not session.capture_url:
            self._restoring.attend(session, self._desk)
            self._worker = threading.Thread(target=self._serve, args=(session,), name="opener", daemon=True)
            self._desk.when_usable(self._worker.start)
        self._restoring.tell(self._shell)
        self._settling.start()

    @Slot(object, str)
    def _put_back(self, backup: Backup, address: str) -> None:
        """Close the floor, put a backup in its place, open what stands there then."""
        self._end()
        self._shut_shell()
        self._open_shell(lambda: (self._restoring.put_back(backup, address, self._open_floor), ""))

    def _settle(self) -> None:
        """What may wait until the desk works: the tray, where there is one."""
        from app.ui.tray import Tray

        if self._shell is not None and self._desk is not None:
            self._tray = Tray.where_there_is_one(self._shell, self._raise)
            if self._tray is not None and self._desk.context.unsent is not None:
                self._tray.follow(self._desk.context.unsent)

    def _serve(self, session: sessions.OpenSession) -> None:
        """On the opener's thread: open the floor whole, and bring up the capture endpoints and the backups."""
        if not sessions.tried(session.complete, self._failed.emit):
            return
        try:
            self._served.emit(session.complete().serve_capture(self._settings.port))
        except AppError as error:
            self._served.emit(error)
        self._restoring.start_backups()

    @Slot(object)
    def _take_served(self, url: str | AppError) -> None:
        if self._desk is None or self._shell is None:
            return
        if isinstance(url, AppError):
            words = f"{url.title}: {url.message}"
            print(f"firstring: {words}", file=sys.stderr)  # noqa: T201
            self._shell.banner("capture", "warn", words, closable=True)
        else:
            self._desk.context.capture_url = url

    @Slot(object)
    def _take_failure(self, error: AppError) -> None:
        me = self._settings.me.get(self._address, "")
        if isinstance(error, NoAnswer) and self._shell is not None and me and not is_file(self._address):
            self._wait_for(self._shell, error, me)
            return
        self._end_away()
        print(f"firstring: {error.message}", file=sys.stderr)  # noqa: T201
        self._code = CANNOT
        self._end()
        self._shut_shell()
        if isinstance(error, NeedsPassword):
            self._ask_where()
            assert self._welcome is not None
            self._welcome.ask_password(self._address, error.message)
            return
        self._ask_where(error.message)
        assert self._welcome is not None
        self._restoring.offer(self._welcome, self._address, error)

    # a floor that does not answer while its desk starts

    def _wait_for(self, shell: Shell, error: NoAnswer, me: str) -> None:
        from app.ui.start_away import FloorAway

        if self._away is None:
            self._away = FloorAway(shell, self._address, me)
            self._away.again.connect(self._open_again)
            self._away.left.connect(self._leave_away)
        self._away.say(error)

    def _open_again(self) -> None:
        self._worker = threading.Thread(target=self._open, args=(self._opening,), name="opener", daemon=True)
        self._worker.start()

    def _leave_away(self) -> None:
        self._end_away()
        self._shut_shell()
        self._ask_where()

    def _end_away(self) -> None:
        if self._away is not None:
            self._away.end()
            self._away = None

    def _shut_shell(self) -> None:
        if self._shell is not None:
            actions.detach()
            actions.clear()
            self._shell.on_close = None
            self._shell.close()
            self._shell.deleteLater()
            self._shell = None

    @Slot()
    def _log_out(self) -> None:
        """Whoever sits here has no PIN: what lets this desk in is removed, and the first question asked again."""
        assert self._session is not None
        address = self._session.address
        self._end()
        self._shut_shell()
        self._ask_where(self._leaving.begin(address, self._settings, self._failed.emit))

    # closing

    def _raise(self) -> None:
        if self._shell is not None:
            self._shell.come_forward()

    def _closing(self) -> bool:
        if self._shell is not None:
            if self._quitting.waits(self._shell, self._unsent()):
                return False
            self._settings.geometry = self._shell.geometry_bytes().hex()
            self._settings.save()
        return True

    def _unsent(self) -> int:
        """How much of what was done here the floor does not have."""
        if self._desk is not None and self._desk.context.unsent is not None:
            return len(self._desk.context.unsent.lines)
        return self._away.unsent if self._away is not None else 0

    def _close(self) -> None:
        self._settling.stop()
        if self._lookout is not None:
            self._lookout.stop()
        if self._worker is not None and self._worker.ident is not None:
            self._worker.join()
        self._leaving.wait()
        QCoreApplication.sendPostedEvents()  # a session that was opened while the window was being closed
        self._end()

    def _end(self) -> None:
        """End the desk and close its floor."""
        if self._tray is not None:
            self._tray.hide()
        if self._door is not None:
            self._door.close()
        if self._desk is not None:
            self._restoring.leave()
            self._desk.stop()
        if self._session is not None:
            self._session.close()
        self._tray = self._door = self._desk = self._session = None
