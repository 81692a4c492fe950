"""What every test is held to, and what any test may ask for.

Held to: no thread is left running, nothing is logged as an error unless the test says that it provokes one,
Qt has nothing to warn about (pytest-qt sees to that), no timer is left ticking. Never touched: the person's
own data folder, notification daemon and keyring.
"""

from __future__ import annotations

import faulthandler
import gc
import logging
import os
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.postgres import Cluster, NoPostgres

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parent.parent
IN_CI = os.environ.get("CI", "").lower() in ("1", "true")
GRACE_S = 5.0
"""How long a thread that was told to stop may take to end."""

settings.register_profile("firstring", deadline=None, derandomize=IN_CI, print_blob=True)
settings.load_profile("firstring")

_without_postgres: list[str] = []


@pytest.fixture(scope="session", autouse=True)
def _own_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A data folder of the tests' own, and no way to the desktop of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRSTRING_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/no-bus-for-tests")
        yield


@pytest.fixture(autouse=True)
def _leaves_no_thread() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in left:
        thread.join(GRACE_S)
    alive = [thread.name for thread in left if thread.is_alive()]
    if alive:
        pytest.fail(f"threads left running: {', '.join(alive)}", pytrace=False)


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _logs_no_error(request: pytest.FixtureRequest) -> Iterator[None]:
    errors = _Errors()
    logging.getLogger().addHandler(errors)
    yield
    logging.getLogger().removeHandler(errors)
    expected: pytest.Mark | None = request.node.get_closest_marker("expects_errors")
    texts = [f"{record.name}: {record.getMessage()}" for record in errors.records]
    if expected is None:
        strange = texts
    elif expected.args:
        strange = [text for text in texts if not re.search(expected.args[0], text)]
        if not texts:
            pytest.fail(f"no error was logged that matches {expected.args[0]!r}", pytrace=False)
    else:
        strange = []
    if strange:
        pytest.fail("errors were logged:\n" + "\n".join(strange), pytrace=False)


_known_timers: set[int] = set()


@pytest.fixture(autouse=True)
def _leaves_no_timer(request: pytest.FixtureRequest) -> Iterator[None]:
    """For tests with a Qt application: no QTimer is left ticking."""
    yield
    if "qapp" not in request.fixturenames:
        return
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = _ticking() - _known_timers
    if left:  # a window that nobody holds any more may still be there, in a ring of references
        gc.collect()
        left &= _ticking()
    _known_timers.update(left)
    if left:
        pytest.fail(f"{len(left)} QTimers left ticking", pytrace=False)


def _ticking() -> set[int]:
    import shiboken6
    from PySide6.QtCore import QTimer

    timers = [thing for thing in gc.get_objects() if isinstance(thing, QTimer) and shiboken6.isValid(thing)]
    return {id(timer) for timer in timers if timer.isActive()}


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """The hand on the window, patient on a slow machine."""
    from tests.patient import PatientBot

    return PatientBot(request)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data; without it the test is skipped."""
    named = os.environ.get("FIRSTRING_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real data is not here: no folder {folder} (FIRSTRING_DATA names another)")
    return folder


@pytest.fixture(scope="session")
def pg_cluster() -> Iterator[Cluster]:
    """The session's PostgreSQL, started for the first test that asks."""
    try:
        cluster = Cluster()
    except NoPostgres as reason:
        _without_postgres.append(str(reason))
        if IN_CI:
            pytest.fail(f"no PostgreSQL for the tests: {reason}", pytrace=False)
        pytest.skip(f"no PostgreSQL: {reason}")
    yield cluster
    cluster.stop()


@pytest.fixture
def pg_url(pg_cluster: Cluster) -> Iterator[str]:
    """SQLAlchemy's URL of a new, empty database that is this test's alone."""
    url = pg_cluster.empty()
    yield url
    pg_cluster.drop(url)


_ended_with = pytest.StashKey[int]()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[_ended_with] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """A thread that a failed test left behind has been named above; waiting for it could take for ever."""
    me = threading.main_thread()
    left = [thread for thread in threading.enumerate() if thread is not me and not thread.daemon]
    if left and _ended_with in config.stash:
        sys.__stderr__.write(f"not waited for: {', '.join(thread.name for thread in left)}\n")
        faulthandler.dump_traceback(sys.__stderr__)
        os._exit(config.stash[_ended_with])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _without_postgres:
        terminalreporter.write_line(f"NOT TESTED ON POSTGRESQL: {_without_postgres[0]}", red=True, bold=True)
