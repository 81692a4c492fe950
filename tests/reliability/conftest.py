"""The marker `trial`, the fixture `trial`, and the table of results at the end of the run (see trial.py)."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.reliability.trial import Asked, Trial, asked, keep, lines, planned

LONG_S = 4 * 3600
"""A trial in its full size may take as long as a shard should, and then some."""
_mine = pytest.StashKey[Trial]()
_over: list[Trial] = []


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "trial(*ids, ci=1, full=ci, short=ci, unit=...): one of the plan of reliability, in its sizes",
    )


def _trial_of(item: pytest.Item, wish: Asked) -> Trial | None:
    mark = item.get_closest_marker("trial")
    if mark is None:
        return None
    if _mine not in item.stash:
        item.stash[_mine] = planned(item.name, mark.args, wish, **mark.kwargs)
    return item.stash[_mine]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    try:
        wish = asked()
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    left_out = []
    for item in items:
        trial = _trial_of(item, wish)
        if trial is None:
            if wish.only or wish.sizes == "full":
                left_out.append(item)
        elif trial.size == 0 or (wish.only and not wish.only & set(trial.ids)):
            left_out.append(item)
        elif wish.sizes == "full":
            item.add_marker(pytest.mark.timeout(LONG_S), append=False)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


@pytest.fixture
def trial(request: pytest.FixtureRequest) -> Trial:
    """This test's size, seed and place in the table."""
    made = _trial_of(request.node, asked())
    if made is None:
        pytest.fail("a test that asks for `trial` is marked with pytest.mark.trial", pytrace=False)
    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    trial = item.stash.get(_mine, None)
    if trial is None:
        return report
    if call.when == "setup":
        trial.verdict = "ok"
    elif call.when == "call":
        trial.seconds = call.duration
    if report.failed:
        trial.verdict = "FAILED"
    elif report.skipped and isinstance(report.longrepr, tuple):
        trial.verdict = report.longrepr[2].removeprefix("Skipped: ")
    if call.when == "teardown":
        _over.append(trial)
        if (file := asked().keep) is not None:
            keep(trial, file)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _over:
        return
    terminalreporter.section("trials of reliability")
    head, *body = lines(_over)
    terminalreporter.write_line(head, bold=True)
    for line in body:
        terminalreporter.write_line(line, red=line.endswith("FAILED"))
