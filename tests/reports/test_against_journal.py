"""Every metric of the reports against the slow evaluator that reads only the journal, on floors of real commands."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.report import Asked, By, Report
from app.reports import contact, funnel, loop, reps, response, sources, velocity
from app.store.facts import Facts
from tests.fresh import START, Database
from tests.postgres import Cluster
from tests.reports import slow
from tests.reports.moves import MOVE, Move, Moves, busy, floor
from tests.reports.slow import BLANK, Seen, part, quantile

FULL = os.environ.get("FIRSTRING_TRIALS") == "full"
SIZES: dict[Database, int] = {"sqlite": 1500 if FULL else 5, "postgresql": 300 if FULL else 2}


# -- what a report says and what the journal says


def table(report: Report, key: str, *names: str) -> dict[Any, dict[str, Any]]:
    found = report.table(key)
    keys = [column.key for column in found.columns]
    return {
        tuple(str(row[keys.index(name)].value) for name in names) if len(names) > 1
        else str(row[keys.index(names[0])].value): dict(zip(keys, row, strict=True))
        for row in found.rows
    }  # fmt: skip


def same(cell: Any, wanted: float | None, what: object) -> None:
    if wanted is None or cell.value is None:
        assert cell.value is None, (what, cell, wanted)
        assert wanted is None, (what, cell, wanted)
    else:
        assert cell.value == pytest.approx(wanted, rel=1e-9, abs=1e-6), (what, cell, wanted)


def is_share(cell: Any, some: int, whole: int, what: object) -> None:
    same(cell, part(some, whole), what)
    assert cell.n == whole, (what, cell, whole)
    wanted = slow.interval(some, whole)
    assert (cell.low, cell.high) == ((None, None) if wanted is None else pytest.approx(wanted, abs=1e-9)), (
        what
    )


def count(mine: list[Seen], of: Callable[[Seen], object]) -> int:
    return sum(bool(of(lead)) for lead in mine)


class Checked:
    """A floor's reports over a span, each number held against the journal's."""

    def __init__(self, moves: Moves, facts: Facts, events: list[slow.Event], asked: Asked) -> None:
        self.moves, self.facts, self.events, self.asked = moves, facts, events, asked
        self.zone = slow.ZONE if moves.has_hours else START.tzinfo
        self.names = dict(zip(moves.people, ("Ana", "Ben", "Cleo"), strict=True)) | {"": "(nobody)"}
        self.everybody = slow.leads(events, moves.sent)
        self.mine = [lead for lead in self.everybody if asked.since <= lead.captured < asked.until]

    def response(self) -> None:
        report = response.run(self.facts, self.asked)
        figures = {figure.key: figure.now for figure in report.figures}
        self._response({key: figures[key] for key in figures}, self.mine, "all",
                       {"median": "ttfc_median", "p90": "ttfc_p90", "worked_median": "ttfc_worked_median",
                        "worked_p90": "ttfc_worked_p90", "never": "never_called"})  # fmt: skip
        in_days = report.table("course").columns[0].key == "day"
        for key, column, of in (
            ("tiers", "tier", lambda lead: lead.tier),
            ("course", "day" if in_days else "week", lambda lead: self.step(lead.captured, in_days)),
        ):
            groups = slow.grouped(self.mine, of)
            rows = table(report, key, column)
            assert set(groups) <= set(rows), key
            for name, row in rows.items():
                self._response(row, groups.get(name, []), (key, name), {})
        groups = slow.grouped(self.mine, self.named(3))
        rows = table(report, "groups", "medium", "campaign", "ad")
        assert set(rows) == set(groups)
        for name, row in rows.items():
            self._response(row, groups[name], name, {})
        delays = slow.grouped(self.mine, lambda lead: response.delay_title(slow.delay(lead.wait)))
        for name, row in table(report, "distribution", "delay").items():
            same(row["leads"], len(delays[name]), name)
            is_share(row["share"], len(delays[name]), len(self.mine), name)
        hours = slow.grouped(
            self.mine, lambda lead: ((at := lead.captured.astimezone(self.zone)).weekday(), at.hour)
        )
        for weekday, row in enumerate(report.table("heat").rows):
            for hour in range(24):
                some = hours[weekday, hour]
                met, breached = (sum(getattr(lead, name) for lead in some) for name in ("met", "breached"))
                is_share(row[1 + hour], met, met + breached, ("heat", weekday, hour))

    def _response(self, row: dict[str, Any], mine: list[Seen], what: object, named: dict[str, str]) -> None:
        waits = [lead.wait for lead in mine if lead.wait is not None]
        worked = [one for lead in mine if (one := lead.worked(self.moves.has_hours)) is not None]
        for name, values, p in (
            ("median", waits, 0.5), ("p90", waits, 0.9), ("worked_median", worked, 0.5), ("worked_p90", worked, 0.9),
        ):  # fmt: skip
            same(row[named.get(name, name)], quantile(values, p), (what, name))
        same(row[named.get("never", "never")], len(mine) - len(waits), (what, "never"))
        met, breached = (sum(getattr(lead, name) for lead in mine) for name in ("met", "breached"))
        is_share(row["sla"], met, met + breached, (what, "sla"))
        is_share(row["escalated"], count(mine, lambda one: one.is_escalated), count(mine, lambda one: one.is_clocked),
                 (what, "escalated"))  # fmt: skip

    def contact(self) -> None:
        report = contact.run(self.facts, self.asked)
        figures = {figure.key: figure.now for figure in report.figures}
        for name in ("contact", "qualified", "booked"):
            is_share(
                figures[name],
                count(self.mine, lambda one, name=name: getattr(one, name)),
                len(self.mine),
                name,
            )
        groups = slow.grouped(self.mine, lambda lead: response.delay_title(slow.delay(lead.wait)))
        for name, row in table(report, "delay", "delay").items():
            for step in ("contact", "qualified"):
                is_share(row[step], count(groups[name], lambda one, step=step: getattr(one, step)), len(groups[name]),
                         (name, step))  # fmt: skip
        soon, late = ([lead for lead in self.mine if slow.delay(lead.wait) in names]
                      for names in (("1 min", "5 min"), ("30 min",)))  # fmt: skip
        (a, b), (c, d) = ((count(some, lambda one: one.contact), count(some, lambda one: not one.contact))
                          for some in (soon, late))  # fmt: skip
        enough = min(len(soon), len(late)) >= 5 and b and c
        same(figures["odds_contact"], a * d / (b * c) if enough else None, "odds")
        calls = [(lead, call) for lead in self.mine for call in lead.calls]
        rows = table(report, "attempts", "number")
        assert set(rows) == {str(n) for n in range(1, max((call[2] for _, call in calls), default=0) + 1)}
        for name, row in rows.items():
            made = [(lead, call) for lead, call in calls if call[2] == int(name)]
            is_share(
                row["contact"],
                sum(lead.reached_by(call[3]) for lead, call in made),
                len(made),
                ("call", name),
            )
            reached = {id(lead) for lead, call in calls if call[2] <= int(name) and lead.reached_by(call[3])}
            is_share(row["so_far"], len(reached), count(self.mine, lambda one: one.called), ("so far", name))
        for weekday, row in enumerate(report.table("heat").rows):
            for hour in range(24):
                made = [(lead, call) for lead, call in calls
                        if ((at := call[0].astimezone(self.zone)).weekday(), at.hour) == (weekday, hour)]  # fmt: skip
                is_share(
                    row[1 + hour],
                    sum(lead.reached_by(call[3]) for lead, call in made),
                    len(made),
                    (weekday, hour),
                )

    def sources(self) -> None:
        report = sources.run(self.facts, self.asked)
        last_moment = min(self.asked.until, self.facts.now) - timedelta(microseconds=1)
        since, until = self.day(self.asked.since), self.day(last_moment) + timedelta(days=1)
        spent = slow.costs(self.events, since, until)
        for depth, key in enumerate(("medium", "campaign", "ad"), 1):

            def named(lead: Seen, depth: int = depth) -> tuple[str, ...]:
                return tuple(name.lower() or BLANK for name in lead.sent.source[:depth])

            groups = slow.grouped(self.mine, named)
            paid = {names for names in spent if all(names[:depth])}
            cost = {
                names[:depth]: sum(spent[one] for one in paid if one[:depth] == names[:depth])
                for names in paid
            }
            columns = ("medium", "campaign", "ad")[:depth]
            rows = {
                tuple(one.lower() for one in ((name,) if isinstance(name, str) else name)): row
                for name, row in table(report, f"by_{key}", *columns).items()
            }
            assert set(rows) == set(groups) | set(cost)
            for name, row in rows.items():
                self._money(row, groups.get(name, []), cost.get(name), name)
        figures = {figure.key: figure.now for figure in report.figures}
        self._money(figures, self.mine, sum(spent.values()) if spent else None, "all")
        last = slow.grouped(self.mine, lambda lead: lead.last[0].lower() or BLANK)
        rows = {name.lower(): row for name, row in table(report, "by_last_touch", "medium").items()}
        assert set(rows) == set(last)
        for name, row in rows.items():
            same(row["leads"], len(last[name]), ("last", name))
            same(row["won"], count(last[name], lambda one: one.is_won), ("last", name))

    def _money(self, row: dict[str, Any], mine: list[Seen], cost: int | None, what: object) -> None:
        won = [lead for lead in mine if lead.is_won]
        revenue = sum(lead.ended[2] for lead in won)
        qualified = count(mine, lambda one: one.qualified)
        for key, wanted in (
            ("leads", len(mine)), ("cost", cost), ("qualified", qualified), ("won", len(won)), ("revenue", revenue),
            ("cpl", part(cost, len(mine)) if cost else None), ("cpq", part(cost, qualified) if cost else None),
            ("cps", part(cost, len(won)) if cost else None), ("roi", (revenue - cost) / cost if cost else None),
        ):  # fmt: skip
            same(row[key], wanted, (what, key))
        is_share(row["contact"], count(mine, lambda one: one.contact), len(mine), (what, "contact"))
        is_share(row["conversion"], len(won), len(mine), (what, "conversion"))

    def funnel(self) -> None:
        report = funnel.run(self.facts, self.asked)
        steps = table(report, "steps", "step")
        same(steps["Captured"]["leads"], len(self.mine), "captured")
        same(steps["Valid"]["leads"], count(self.mine, lambda one: one.sent.is_sound), "valid")
        before: Callable[[Seen], datetime | None] | None = None
        figures = {figure.key: figure.now for figure in report.figures}
        for title, key in (
            ("Contacted", "contact"),
            ("Qualified", "qualified"),
            ("Appointment", "booked"),
            ("Won", "won"),
        ):

            def at(lead: Seen, key: str = key) -> datetime | None:
                found: datetime | None = getattr(lead, key)
                return found

            reached = [(lead, when) for lead in self.mine if (when := at(lead)) is not None]
            row = steps[title]
            same(row["leads"], len(reached), title)
            is_share(row["share"], len(reached), len(self.mine), title)
            is_share(figures[key], len(reached), len(self.mine), title)
            same(
                row["since_capture"],
                quantile(((when - lead.captured).total_seconds() for lead, when in reached), 0.5),
                title,
            )
            if before is not None:
                took = [
                    (when - was).total_seconds()
                    for lead, when in reached
                    if (was := before(lead)) is not None
                ]
                same(row["since_step"], quantile(took, 0.5), (title, "since the step before"))
            before = at
        both = [lead for lead in self.mine if lead.contact]
        is_share(
            figures["booked_of_contacted"],
            count(both, lambda one: one.booked),
            len(both),
            "booked of contacted",
        )
        months = slow.grouped(self.mine, lambda lead: self.month(lead.captured))
        rows = table(report, "cohorts", "month")
        assert set(rows) == set(months)
        for name, row in rows.items():
            some = months[name]
            for key in ("contact", "qualified", "booked", "won"):
                is_share(
                    row[key], count(some, lambda one, key=key: getattr(one, key)), len(some), (name, key)
                )
            is_share(row["open"], count(some, lambda one: not one.ended[0]), len(some), (name, "open"))

    def velocity(self) -> None:
        report = velocity.run(self.facts, self.asked)
        moments: tuple[tuple[str, str, Callable[[Seen], datetime | None]], ...] = (
            ("leads", "leads_rate", lambda one: one.captured),
            ("qualified", "lvr", lambda one: one.qualified),
            ("won", "won_rate", lambda one: one.won),
        )
        for key, rate, of in moments:
            months = slow.grouped(
                (one for one in self.everybody if of(one)), lambda one, of=of: self.month(of(one))
            )
            for name, row in table(report, "months", "month").items():
                last = (date.fromisoformat(name) - timedelta(days=1)).replace(day=1).isoformat()
                now, was = len(months.get(name, ())), len(months.get(last, ()))
                same(row[key], now, (name, key))
                same(row[rate], (now - was) / was if was else None, (name, rate))
        took = [(lead.won - lead.captured).total_seconds() for lead in self.mine if lead.won]
        rows = table(report, "time_to_win", "medium")
        named = self.named(1)
        sources = slow.grouped((lead for lead in self.mine if lead.won), lambda lead: named(lead)[0])
        assert set(rows) == {"All", *sources}
        for name, some in sources.items():
            wins = [(lead.won - lead.captured).total_seconds() for lead in some if lead.won]
            same(rows[name]["median"], quantile(wins, 0.5), ("to win", name))
        whole = rows["All"]
        for key, p in (("median", 0.5), ("p25", 0.25), ("p75", 0.75), ("p90", 0.9)):
            same(whole[key], quantile(took, p), ("to win", key))
        same(whole["mean"], part(sum(took), len(took)), "mean to win")  # type: ignore[arg-type]

    def reps(self) -> None:
        report = reps.run(self.facts, self.asked)
        owned = slow.grouped(self.mine, lambda lead: self.names[lead.owner])
        rows = table(report, "owners", "rep")
        assert set(rows) == set(owned)
        for name, row in rows.items():
            some = owned[name]
            met, breached = (sum(getattr(lead, key) for lead in some) for key in ("met", "breached"))
            is_share(row["sla"], met, met + breached, (name, "sla"))
            is_share(row["contact"], count(some, lambda one: one.contact), len(some), (name, "contact"))
            is_share(row["booking"], count(some, lambda one: one.booked), len(some), (name, "booking"))
            is_share(row["conversion"], count(some, lambda one: one.is_won), len(some), (name, "conversion"))
            same(row["open"], count(some, lambda one: not one.ended[0]), (name, "open"))
            same(row["revenue"], sum(lead.ended[2] for lead in some if lead.is_won), (name, "revenue"))
        first = slow.grouped(
            (lead for lead in self.mine if lead.called), lambda lead: self.names[lead.caller]
        )
        rows = table(report, "callers", "rep")
        assert set(rows) == set(first)
        for name, row in rows.items():
            same(row["ttfc"], quantile([lead.wait or 0.0 for lead in first[name]], 0.5), (name, "ttfc"))
            same(
                row["ttfc_p90"], quantile([lead.wait or 0.0 for lead in first[name]], 0.9), (name, "ttfc p90")
            )

    def loop(self) -> None:
        report = loop.run(self.facts, self.asked)
        named = self.named(2)
        groups = slow.grouped(self.mine, lambda lead: " · ".join(named(lead)))
        rows = table(report, "campaigns", "campaign")
        assert set(rows) == set(groups)
        for name, row in rows.items():
            some = groups[name]
            soon = count(some, lambda one: one.wait is not None and one.wait <= 300)
            is_share(row["soon"], soon, len(some), (name, "soon"))
            is_share(row["never"], count(some, lambda one: not one.called), len(some), (name, "never"))
            is_share(row["qualified"], count(some, lambda one: one.qualified), len(some), (name, "qualified"))
            same(
                row["ttfc"],
                quantile([lead.wait for lead in some if lead.wait is not None], 0.5),
                (name, "ttfc"),
            )
        for name, row in table(report, "answered", "delay").items():
            some = [lead for lead in self.mine if slow.delay(lead.wait) == name]
            is_share(row["won"], count(some, lambda one: one.is_won), len(some), (name, "won"))

    def named(self, depth: int) -> Callable[[Seen], tuple[str, ...]]:
        """What a lead's source is called: each word as most of the leads have it."""
        called = [slow.called(lead.sent.source[place] for lead in self.mine) for place in range(depth)]
        return lambda lead: tuple(
            names[name] or BLANK for names, name in zip(called, lead.sent.source[:depth], strict=True)
        )

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def step(self, at: datetime, in_days: bool) -> str:
        """The day, or the Monday before."""
        day = self.day(at)
        return (day if in_days else day - timedelta(days=day.weekday())).isoformat()

    def month(self, at: datetime | None) -> str:
        assert at is not None
        return self.day(at).replace(day=1).isoformat()


REPORTS = ("response", "contact", "sources", "funnel", "velocity", "reps", "loop")


def hold(database: Database, cluster: Callable[[], Cluster], moves: list[Move], has_hours: bool) -> None:
    """Make the moves and hold every number against the journal."""
    with TemporaryDirectory() as folder, floor(database, Path(folder), cluster, has_hours) as made:
        for move in moves:
            made.do(*move)
        events = slow.journal(made.house.book)
        now = made.clock.now()
        with made.house.book.reading() as r:
            for asked in (
                Asked(since=START - timedelta(days=1), until=now + timedelta(days=1), by=By.SOURCE),
                Asked(since=START + timedelta(seconds=300), until=START + timedelta(days=2), by=By.SOURCE),
            ):
                checked = Checked(made, Facts(r, now), events, asked)
                for name in REPORTS:
                    getattr(checked, name)()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_metric_is_that_of_the_journal(database: Database, request: pytest.FixtureRequest) -> None:
    def cluster() -> Cluster:
        found: Cluster = request.getfixturevalue("pg_cluster")
        return found

    @settings(max_examples=SIZES[database], deadline=None, database=None, derandomize=not FULL,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.lists(MOVE, min_size=25, max_size=90), st.booleans())
    def check(moves: list[Move], has_hours: bool) -> None:
        hold(database, cluster, moves, has_hours)

    check()


def test_a_busy_month_too() -> None:
    """Enough leads, by a fixed dice, for odds and long lines of calls."""
    hold("sqlite", Cluster, busy(8, 250), True)
