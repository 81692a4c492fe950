"""Two PostgreSQL servers: a primary, and a standby that has every commit before it is acknowledged, or that may lag."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests import postgres as minding
from tests.postgres import NOBODY, Cluster, _as, _can_run, _copy_to, _free_port, _plain_speech, binaries


class Pair:
    """Stop it when done."""

    def __init__(self) -> None:
        self.primary = Cluster()
        self._folder = Path(tempfile.mkdtemp(prefix="firstring-standby-"))
        self._run_as = NOBODY if os.name != "nt" and os.geteuid() == 0 else None
        self._bin = binaries()
        if self._run_as is not None:
            os.chown(self._folder, self._run_as, self._run_as)
            if not _can_run(self._bin / "postgres", self._folder, self._run_as):
                self._bin = _copy_to(self._folder, self._bin, self._run_as)
        self.port = _free_port()
        self._minder: subprocess.Popen[str] | None = None

    def address(self, database: str) -> str:
        """The floor at whichever of the two may be written to."""
        one = urlsplit(self.primary.url(database).replace("+psycopg", ""))
        return f"postgresql://{one.username}:{one.password}@127.0.0.1:{one.port},127.0.0.1:{self.port}/{database}"

    def add_standby(self, database: str, by: int | None = None) -> None:
        """Copy the primary and follow it; from then on it waits for the copy before it acknowledges.

        With `by`, the port of a line to the primary, it does not wait: who cuts the line leaves the copy behind.
        """
        url = self.primary.url("postgres").replace("+psycopg", "")
        source = url if by is None else url.replace(f":{self.primary.port}/", f":{by}/")
        data = self._folder / "data"
        subprocess.run(
            [self._bin / "pg_basebackup", "-d", source, "-D", data, "-R", "-X", "stream", "-c", "fast"],
            check=True,
            cwd=self._folder,
            env=_plain_speech(),
            **_as(self._run_as),
        )
        self._start()
        with psycopg.connect(url, autocommit=True) as line:
            if by is not None:
                self._until(line, "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'")
                return
            line.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            # said of the database, which counts for more than how the server was started
            line.execute(f'ALTER DATABASE "{database}" SET synchronous_commit = remote_apply'.encode())
            line.execute("SELECT pg_reload_conf()")
            self._until(line, "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'")

    def kill_primary(self) -> None:
        """Without a word, as by a power cut."""
        told = (self.primary._folder / "data" / "postmaster.pid").read_text().splitlines()
        os.kill(int(told[0]), signal.SIGKILL)

    def at_standby(self, database: str, question: str) -> object:
        """The one value that the standby answers."""
        with psycopg.connect(self._standby_url(database), autocommit=True) as line:
            row = line.execute(question.encode()).fetchone()
        assert row is not None
        return row[0]

    def until_standby(self, database: str, true: str) -> None:
        """Wait until something is so at the standby."""
        with psycopg.connect(self._standby_url(database), autocommit=True) as line:
            self._until(line, true)

    def _standby_url(self, database: str) -> str:
        url = self.primary.url(database).replace("+psycopg", "")
        return url.replace(f":{self.primary.port}/", f":{self.port}/")

    def promote(self) -> None:
        with psycopg.connect(self._standby_url("postgres"), autocommit=True) as line:
            line.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
            line.execute("SELECT pg_reload_conf()")
            line.execute("SELECT pg_promote()")

    def stop(self) -> None:
        if self._minder is not None:
            self._minder.communicate(timeout=30)
        self.primary.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> None:
        """With a minder, as the primary has one: it ends with the tests, however they end."""
        told = (self._bin, self._folder, str(self.port), str(self._run_as or ""), "off")
        self._minder = subprocess.Popen(
            [sys.executable, "-I", minding.__file__, *told],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    def _until(self, line: psycopg.Connection[tuple[object, ...]], true: str) -> None:
        for _ in range(300):
            row = line.execute(true.encode()).fetchone()
            if row is not None and row[0]:
                return
            time.sleep(0.1)
        raise AssertionError(f"not so after 30 s: {true}")
