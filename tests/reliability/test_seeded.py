"""R18: the trials are tried. With each seeded bug in the program the trial that is there for it must fail."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.reliability.seeded import BUGS, Bug, noticed, planted
from tests.reliability.trial import Trial

AT_ONCE = 2
pytestmark = pytest.mark.timeout(600)
Running = dict[str, Future[tuple[bool, str]]]


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Every bug that was asked for, on its way; the tests wait for one after the other."""
    asked_for = [
        item.callspec.params["bug"]
        for item in request.session.items
        if item.path == request.path and "running" in getattr(item, "fixturenames", ())
    ]  # fmt: skip

    def run(bug: Bug) -> tuple[bool, str]:
        folder = tmp_path_factory.mktemp("seeded")
        try:
            return noticed(bug, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    with ThreadPoolExecutor(AT_ONCE, "seeded") as pool:
        yield {bug.name: pool.submit(run, bug) for bug in asked_for}
        pool.shutdown(cancel_futures=True)


@pytest.mark.trial("R18", unit="bug")
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_caught(bug: Bug, running: Running, trial: Trial) -> None:
    caught, said = running[bug.name].result()
    trial.found(caught=int(caught))
    assert caught, f"{bug.trial} did not notice it:\n{said[-3000:]}"


def test_a_bug_that_no_longer_fits_is_said(tmp_path: Path) -> None:
    from dataclasses import replace

    edit = replace(BUGS[0].edits[0], old="a line that does not stand there")
    with pytest.raises(ValueError, match="no longer fits"):
        planted(replace(BUGS[0], edits=(edit,)), tmp_path)
