"""Mistakes that have been made elsewhere, ready to be put into this program, and the trial that must notice each.

A bug is a few edits of the source. They are made in a copy of the tree, and the trial is run there by itself: what
it does not notice, it would not notice in the real program either.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("app", "tests", "migrations", "resources", "main.py", "pyproject.toml")
LIMIT_S = 200.0
"""A trial that a bug makes hang has noticed it by then: pytest's own limits are shorter."""


@dataclass(frozen=True)
class Edit:
    """In the file `where`, `old`, which stands there once, becomes `new`."""

    where: str
    old: str
    new: str


@dataclass(frozen=True)
class Bug:
    name: str
    edits: tuple[Edit, ...]
    trial: str
    """The test that must fail: a file, or file::test; `picks` chooses among its parameters."""
    size: int | None = None
    """Of the trial, where it has one."""
    picks: str = ""


_WRITING, _JOURNAL, _LEASES = "app/store/writing.py", "app/store/journal.py", "app/store/leases.py"
_HANDLE, _INTAKE, _GUARDS = "app/service/handle.py", "app/server/intake.py", "app/store/guards.py"
_CAPTURE = "app/service/intake.py"
_RELIABILITY = "tests/reliability"

BUGS = (
    Bug(
        "a claim reads, then writes, and locks nothing",
        (
            Edit(_WRITING, 'bindparam("id")).with_for_update())', 'bindparam("id")))'),
            Edit(
                _WRITING,
                't.leads.c.version == bindparam("was")',
                't.leads.c.version <= bindparam("was") + 1000',
            ),
        ),
        f"{_RELIABILITY}/test_claim_race.py",
        size=800,
        picks="postgresql",
    ),
    Bug(
        "the feed is numbered by a bare sequence",
        (
            Edit(
                _GUARDS,
                "SELECT last + 1, head INTO n, h FROM feed WHERE one = 1 FOR UPDATE;",
                "SELECT nextval('numbers'), head INTO n, h FROM feed WHERE one = 1; PERFORM pg_sleep(0.002);",
            ),
            Edit(_GUARDS, "UPDATE feed SET last = n, head", "UPDATE feed SET last = greatest(last, n), head"),
            Edit(
                _GUARDS,
                "POSTGRESQL = (\n",
                'POSTGRESQL = (\n    "CREATE SEQUENCE numbers", "GRANT USAGE ON SEQUENCE numbers TO PUBLIC",\n',
            ),
        ),
        f"{_RELIABILITY}/test_feed.py",
        size=300,
        picks="postgresql",
    ),
    Bug(
        "a reader takes a number that is missing for one that never was",
        (
            Edit(
                "app/floor/board.py",
                "if self.cursor < 0 or batch.first > self.cursor + 1:",
                "if self.cursor < 0:",
            ),
        ),
        "tests/floor/test_board_queue.py::test_a_hole_in_the_feed_is_noticed_and_a_snapshot_heals_it",
    ),
    Bug(
        "of a batch the events are taken and the leads are not",
        (
            Edit(
                "app/floor/board.py",
                "in batch.leads:\n            known = self.leads.get(lead.id)\n            touched",
                "in ():\n            known = self.leads.get(lead.id)\n            touched",
            ),
        ),
        "tests/floor/test_board_queue.py::test_a_batch_says_what_it_changed",
    ),
    Bug(
        "the lease has no fence",
        (Edit(_LEASES, "return bool(row.epoch == epoch)", "return True"),),
        "tests/floor/test_keeping.py::test_a_round_of_an_epoch_that_is_over_does_nothing",
        picks="local and sqlite",
    ),
    Bug(
        "the keeper goes by its own computer's clock",
        (
            Edit(_LEASES, 'if r.db.dialect.name == "sqlite":', "if True:"),
            Edit("app/floor/local.py", "self._clock.hear(self._book.time)", "pass"),
        ),
        f"{_RELIABILITY}/test_clocks.py::test_a_wrong_clock_decides_nothing",
        size=4,
    ),
    Bug(
        "synchronous=NORMAL",
        (Edit("app/store/engine.py", '    "synchronous=FULL",\n', '    "synchronous=NORMAL",\n'),),
        f"{_RELIABILITY}/test_power.py",
        size=60,
    ),
    Bug(
        "the sender is answered before the commit",
        (
            Edit(
                _INTAKE,
                "        return self._floor.do(CaptureInquiry(inquiry=inquiry)).value, doubted\n",
                "        import threading\n\n"
                "        command = CaptureInquiry(inquiry=inquiry)\n"
                "        threading.Thread(target=self._floor.do, args=(command,)).start()\n"
                "        return Captured(inquiry_id=inquiry.id, state=InquiryState.LEAD), doubted\n",
            ),
        ),
        f"{_RELIABILITY}/test_kill.py::test_every_inquiry_that_was_answered_outlives_the_program",
        size=8,
    ),
    Bug(
        "a command that was done is done again",
        (
            Edit(
                _HANDLE,
                "answered = None if kind in UNREPEATED else w.answered(command.id)",
                "answered = None",
            ),
            Edit(_HANDLE, "        if kind not in UNREPEATED:\n", "        if kind is None:\n"),
        ),
        "tests/floor/test_idempotence.py::test_an_inquiry_whose_answer_was_lost_is_one_lead",
        picks="local and sqlite",
    ),
    Bug(
        "it is refused after it was written",
        (
            Edit(_HANDLE, "        authorise(who.standing, kind)\n", ""),
            Edit(
                _HANDLE,
                "    return result, w.cursor\n",
                "    authorise(who.standing, kind)\n    return result, w.cursor\n",
            ),
        ),
        "tests/roles/test_matrix.py::test_who_may_not_is_refused_before_anything_is_written",
    ),
    Bug(
        "an inquiry that a channel stumbles over is not kept",
        (
            Edit(
                _CAPTURE,
                "    except Exception:  # noqa: BLE001 - what",
                "    except ZeroDivisionError:  # what",
            ),
            Edit(_CAPTURE, "draft: Draft = channel.", "inquiry.raw.decode()\n    draft: Draft = channel."),
        ),
        f"{_RELIABILITY}/test_malformed.py",
        size=150,
    ),
    Bug(
        "mail has another Message-ID each time",
        (Edit("app/messengers/email_.py", "{message.id}@", "{message.id}.{message.attempt}@"),),
        f"{_RELIABILITY}/test_outbox.py",
        picks="sqlite and killed_when",
    ),
    Bug(
        "mail counts as sent once somebody begins to send it",
        (
            Edit(
                "app/service/post.py",
                "    message = Message(\n        id=found.id,",
                '    outbox.end(w, found.id, "sent")\n    message = Message(\n        id=found.id,',
            ),
        ),
        f"{_RELIABILITY}/test_outbox.py",
        size=60,
        picks="bad_mail_server",
    ),
    Bug(
        "the desk's journal forgets what it begins to send",
        (Edit(_JOURNAL, "UPDATE kept SET sent = 1 WHERE no = ?", "DELETE FROM kept WHERE no = ?"),),
        f"{_RELIABILITY}/test_away.py",
        size=20,
    ),
    Bug(
        "the desk's journal writes over what others changed meanwhile",
        (Edit("app/service/late.py", "if not clashing:", "if command.said_at is not None or not clashing:"),),
        f"{_RELIABILITY}/test_away.py",
        size=6,
    ),
    Bug(
        "who is silent loses their leads in the middle of a call",
        (
            Edit(
                "app/service/presence.py",
                "return lead is not None and lead.hung_up_at is None",
                "return False",
            ),
        ),
        "tests/floor/test_presence.py::test_what_was_worked_on_stays_and_so_does_everything_during_a_call",
        picks="local and sqlite",
    ),
    Bug(
        "a backup is restored unseen",
        (Edit("app/store/restore_file.py", "                _verify_copy(backup, part)\n", ""),),
        "tests/store/test_backup.py::test_a_spoilt_backup_is_refused_and_the_floor_left_alone",
        picks="sqlite",
    ),
    Bug(
        "a newer schema is opened",
        (Edit("app/store/schema.py", "if major > MAJOR:", "if major < 0:"),),
        "tests/store/test_schema.py::test_a_newer_major_is_refused_and_left_alone",
        picks="sqlite",
    ),
    Bug(
        "an upgrade commits half-way",
        (
            Edit(
                "app/store/book.py",
                "            with self._writer.begin() as connection:\n                schema.upgrade(",
                "            with self._writer.connect() as connection:\n"
                '                connection = connection.execution_options(isolation_level="AUTOCOMMIT")\n'
                "                schema.upgrade(",
            ),
        ),
        f"{_RELIABILITY}/test_migrations.py",
    ),
    Bug(
        "a sender may take as long as they like",
        (
            Edit(
                "app/server/connections.py",
                "keepalive_timeout=self._header_seconds",
                "keepalive_timeout=3600",
            ),
            Edit(
                "app/server/bodies.py",
                "async with asyncio.timeout(seconds):",
                "async with asyncio.timeout(3600):",
            ),
        ),
        f"{_RELIABILITY}/test_slow_crowd.py",
        size=3,
    ),
)


def planted(bug: Bug, folder: Path) -> Path:
    """A copy of the tree with the bug in it. Raises ValueError where the program has changed and it no longer fits."""
    tree = folder / "tree"
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, tree / part)
        else:
            tree.mkdir(exist_ok=True)
            shutil.copy2(ROOT / part, tree / part)
    for edit in bug.edits:
        file = tree / edit.where
        text = file.read_text("utf-8")
        if text.count(edit.old) != 1:
            raise ValueError(f"“{bug.name}” no longer fits {edit.where}, which has changed; write it anew")
        file.write_text(text.replace(edit.old, edit.new), "utf-8")
    return tree


def noticed(bug: Bug, folder: Path) -> tuple[bool, str]:
    """Whether the trial fails with the bug, and what it said."""
    tree = planted(bug, folder)
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=short", bug.trial]
    if bug.picks:
        words += ["-k", bug.picks]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("FIRSTRING", "PYTEST"))}
    env["FIRSTRING_NO_BOOTSTRAP"] = "1"  # it has this interpreter, and must not make itself another
    if "FIRSTRING_DATA" in os.environ:
        env["FIRSTRING_DATA"] = os.environ["FIRSTRING_DATA"]
    if bug.size is not None:
        env["FIRSTRING_SIZE"] = str(bug.size)
    done = subprocess.run(
        words, cwd=tree, env=env, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    said = done.stdout + done.stderr
    # 1: a test failed. Anything else (nothing collected, a mistake in the test itself) has noticed nothing.
    return done.returncode == 1 and "\nFAILED " in said, said
