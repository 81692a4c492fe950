"""`python3 tests`: makes the machine ready, then checks everything; further words narrow it down.

python3 tests                       style, types, floors, and every test
python3 tests tests/domain -k tier  only these tests (anything pytest understands)
python3 tests reliability [R5 ...]  the trials of reliability in the size of every landing, and a table of what came out
    --full [--shard 2/5]            in their full sizes, or one of so many parts of them
    --seed N [--size N]             again with the seed that the table showed, or in another size
    --keep FILE                     and add what came out to this file
    --table FILE ...                only print what such files hold, for docs/reliability.md
python3 tests bench [NAME ...]      the measurements of tests/bench
"""

import os
import re
import signal
import sys

sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from app.bootstrap import ROOT, ready


def check() -> list[str]:
    """Style, types and floors, all at once; the names of those that are not as they should be."""
    import subprocess

    checks = {
        "ruff check": ["-m", "ruff", "check", "--quiet", "--output-format=concise"],
        "ruff format": ["-m", "ruff", "format", "--check", "--quiet"],
        "mypy": ["-m", "mypy", "--strict", "--no-error-summary", "app", "main.py"],
        "lint-imports": [
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
            "--no-logo",
        ],
    }
    running = {
        name: subprocess.Popen(
            [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        )
        for name, words in checks.items()
    }
    failed = []
    for name, process in running.items():
        output, _ = process.communicate()
        if process.returncode:
            failed.append(name)
            print(f"---- {name}\n{output.strip()}", flush=True)
    print(
        "checks:", ", ".join(f"{name} {'FAILED' if name in failed else 'ok'}" for name in checks), flush=True
    )
    return failed


PYTEST = [sys.executable, "-m", "pytest", "-rfEs", "--durations=10", "--durations-min=1"]
BESIDE = ("e2e", "importing", "reliability", "ui")
"""The rooms that take about as long as all others together, so that two cores have a half each."""
TRIALS_BESIDE = (
    ("histories", "one_model", "claim_race", "outbox", "power"),
    ("soak", "kill", "keepers", "day"),
)
"""The trials in their sizes go in three of about the same length; those of the last wait most of their time."""


def pytest(arguments: list[str]) -> int:
    import subprocess

    return subprocess.call([*PYTEST, *arguments])


def side_by_side(where: str, apart: list[list[str]], options: list[str]) -> list[tuple[int, list[str]]]:
    """Several runs at once: the tests in the folder but for some paths, and each group of these. How each ended, and
    its words.

    The reports of the groups stand below that of the rest. What failed is remembered for each run alone.
    """
    import contextlib
    import subprocess
    import tempfile

    rest = [f"--ignore={path}" for group in apart for path in group]
    runs = [["-o", "cache_dir=.pytest_cache/rest", *options, where, *rest]]
    runs += [["-o", f"cache_dir=.pytest_cache/beside-{n}", *options, *group] for n, group in enumerate(apart)]
    with contextlib.ExitStack() as reports:
        beside = []
        for run in runs[1:]:
            report = reports.enter_context(tempfile.TemporaryFile())
            beside.append(
                (subprocess.Popen([*PYTEST, *run], stdout=report, stderr=subprocess.STDOUT), report)
            )
        codes = [pytest(runs[0])]
        for process, report in beside:
            codes.append(process.wait())
            report.seek(0)
            print(report.read().decode(errors="replace"), flush=True)
    return list(zip(codes, runs, strict=True))


def everything() -> int:
    """Every test; what fails is tried once more, alone."""
    codes = []
    for code, run in side_by_side("tests", [[f"tests/{room}" for room in BESIDE]], []):
        if code == 1:
            # Tests with real windows, daemons and slow senders run against the real clock: on a crowded machine
            # one may come too late. What fails twice is broken; what passes now stands above, said as failed.
            print("---- once more, only those that failed", flush=True)
            code = pytest([*run, "--last-failed", "--last-failed-no-failures=none"])
        codes.append(code)
    return max(codes)


def reliability(arguments: list[str]) -> int:
    """The trials, in sizes and parts as the words say; words it does not know are pytest's."""
    if arguments[:1] == ["--table"]:
        from pathlib import Path

        from tests.reliability.trial import kept, markdown

        print("\n".join(markdown(kept(map(Path, arguments[1:])))))
        return 0
    os.environ["FIRSTRING_TRIALS"] = "ci"
    ids, rest = [], []
    words = iter(arguments)
    for word in words:
        if word == "--full":
            os.environ["FIRSTRING_TRIALS"] = "full"
        elif word in ("--seed", "--size", "--shard", "--keep"):
            os.environ[f"FIRSTRING_{word[2:].upper()}"] = next(words, "")
        elif re.fullmatch(r"[A-Z]\d+b?", word):
            ids.append(word)
        else:
            rest.append(word)
    os.environ["FIRSTRING_ONLY"] = " ".join(ids)
    # A trial may be long and silent; each has its own limit.
    options = ["-o", "faulthandler_timeout=0", *rest]
    if ids or any(word.startswith("tests") for word in rest):
        where = [] if any(word.startswith("tests") for word in rest) else ["tests/reliability"]
        return pytest([*where, *options])
    return all_trials(options)


def all_trials(options: list[str]) -> int:
    """Every trial, and one table of what came out."""
    import tempfile
    from pathlib import Path

    from tests.reliability.trial import kept, lines

    with tempfile.TemporaryDirectory() as folder:
        file = Path(os.environ.setdefault("FIRSTRING_KEEP", f"{folder}/kept"))
        before = len(file.read_text(encoding="utf-8").splitlines()) if file.exists() else 0
        apart = [[f"tests/reliability/test_{name}.py" for name in group] for group in TRIALS_BESIDE]
        codes = [code for code, _ in side_by_side("tests/reliability", apart, options)]
        told = file.read_text(encoding="utf-8").splitlines(keepends=True)[before:] if file.exists() else []
        mine = Path(folder, "mine")
        mine.write_text("".join(told), encoding="utf-8")
        print("\n".join(["---- all trials", *lines(kept([mine]))]))
    return max(codes)


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # A shell that starts this in the background has it ignore Ctrl+C, and so would every program that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Where it is set, every process that a test starts would compile the whole program anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if arguments[:1] == ["bench"]:
        from tests.bench import measure

        return measure(arguments[1:])
    if arguments[:1] == ["reliability"]:
        return reliability(arguments[1:])
    if arguments:
        return pytest(arguments)
    failed = check()
    code = everything()
    if failed:
        print(f"not as it should be: {', '.join(failed)} (said above the tests)")
    return code or len(failed)


if __name__ == "__main__":
    if sys.argv[1:] in (["-h"], ["--help"]):
        print(__doc__)
        raise SystemExit(0)
    ready(tests=True)
    raise SystemExit(main(sys.argv[1:]))
