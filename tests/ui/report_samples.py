"""Made-up reports of every way to draw, and a floor that answers with them, for the tests of the drawers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.domain.lead import Lead
from app.domain.report import (
    Asked,
    Behind,
    Better,
    By,
    Cell,
    Column,
    Draw,
    Figure,
    LeadsBehind,
    Report,
    Reports,
    ReportTitle,
    RunReport,
    Segment,
    Shelf,
    Table,
    Unit,
)  # fmt: skip
from app.domain.roles import LEADING, Right
from app.floor.floor import Floor

HOSTILE = "=cmd|'/c calc'!A1 <b onmouseover=x>\u202egnp.exe</b> <img src=\"file:///etc/passwd\">"
ASKED = Asked(
    since=datetime(2026, 11, 16, 5, tzinfo=UTC),
    until=datetime(2026, 11, 23, 5, tzinfo=UTC),
    was_since=datetime(2026, 10, 16, 4, tzinfo=UTC),
    was_until=datetime(2026, 11, 16, 5, tzinfo=UTC),
)


def cell(
    value: Any, n: int | None = None, low: float | None = None, high: float | None = None, **more: Any
) -> Cell:
    return Cell(value=value, n=n, low=low, high=high, **more)


def behind(field: str, *values: str) -> Segment:
    return Segment().narrowed(field, *values)


def figures() -> tuple[Figure, ...]:
    more, less = Better.MORE, Better.LESS
    return (
        Figure(key="ttfc", title="Median TTFC", unit=Unit.SPAN, now=cell(52.0, 1893, 49.0, 55.0),
               was=cell(148800.0, 2104), better=less, note="12 never called"),
        Figure(key="contact", title="Contact rate", unit=Unit.SHARE,
               now=cell(0.614, 2025, 0.593, 0.635, behind=behind("contact", "yes")),
               was=cell(0.383, 2104), better=more),
        Figure(key="booked", title="Booking rate", unit=Unit.SHARE,
               now=cell(0.179, 2025, 0.163, 0.196, behind=behind("booked", "yes")),
               was=cell(0.117, 2104), better=more),
        Figure(key="sla", title="SLA met", unit=Unit.SHARE, now=cell(0.942, 1990, 0.931, 0.951),
               was=cell(0.951, 2000), better=more, note="HOT 91 · WARM 97"),
        Figure(key="escalated", title="Escalation rate", unit=Unit.SHARE, now=cell(0.058, 1990, 0.049, 0.069),
               was=cell(0.088, 2000), better=less),
        Figure(key="roi", title="Won · ROI", unit=Unit.TIMES, now=cell(4.6, 61), note="61 won · 402,000"),
    )  # fmt: skip


def curve() -> Table:
    own = (0.73, 0.66, 0.55, 0.41, 0.34, 0.29, 0.24, 0.21, 0.195, 0.18)
    published = (0.78, 0.6, 0.4, 0.24, 0.21, 0.19, 0.18, 0.17, 0.165, 0.16)
    names = ("1 min", "2 min", "3 min", "5 min", "10 min", "30 min", "1 h", "5 h", "12 h", "24 h")
    return Table(
        key="delay",
        title="Chance of contact by response delay",
        draw=Draw.BAND,
        columns=(
            Column(key="delay", title="Called within", unit=Unit.TEXT),
            Column(key="leads", title="Leads", unit=Unit.COUNT),
            Column(key="contact", title="Contact", unit=Unit.SHARE, tip="Leads with a contact of all leads."),
            Column(key="study", title="LRM study 2007", unit=Unit.SHARE),
        ),
        rows=tuple(
            (
                cell(name),
                cell(400 - 30 * number),
                cell(value, 400 - 30 * number, value - 0.04, value + 0.04, behind=behind("delay", name)),
                cell(other),
            )
            for number, (name, value, other) in enumerate(zip(names, own, published, strict=True))
        ),
        beside=("study",),
        notes=("Dashed: Oldroyd, InsideSales.com 2007; 6 companies, more than 15,000 leads; observational.",),
    )


def heat() -> Table:
    hours = range(8, 19)
    return Table(
        key="hours",
        title="SLA met by weekday and hour",
        draw=Draw.HEAT,
        columns=(
            Column(key="day", title="", unit=Unit.TEXT),
            *(Column(key=f"h{hour}", title=str(hour), unit=Unit.SHARE) for hour in hours),
        ),
        rows=tuple(
            (
                cell(day),
                *(
                    cell(0.79 + (hour * 7 + number * 5) % 20 / 100, 30 + hour)
                    if (hour, number) != (12, 2)
                    else cell(None, 3, note="not enough data")
                    for hour in hours
                ),
            )
            for number, day in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri"))
        ),
    )


def sources(name: str = "Google Ads · racking") -> Table:
    rows = (
        (name, 412, 988000, 2398, 0.66, 94, 10511, 21, 14830000, 14.0),
        ("Meta · Spring", 655, 720000, 1099.24, 0.48, 71, 10140.8, 9, 5210000, 6.2),
        ("Webinar 11/04", 188, 415000, 2207.4, 0.71, 52, 7980.8, 14, 9760000, 22.5),
        ("Trade show Chicago", 230, 3800000, 16521.7, 0.39, 33, 115151.5, 5, 4190000, -0.1),
        ("Organic", 540, 0, None, 0.63, 101, None, 12, 6230000, None),
    )
    units = (Unit.TEXT, Unit.COUNT, Unit.MONEY, Unit.MONEY, Unit.SHARE, Unit.COUNT, Unit.MONEY, Unit.COUNT,
             Unit.MONEY, Unit.TIMES)  # fmt: skip
    titles = (
        "Source",
        "Leads",
        "Cost",
        "CPL",
        "Contact",
        "Qualified",
        "Cost / qualified",
        "Won",
        "Revenue",
        "ROI",
    )
    return Table(
        key="sources",
        title="Sources",
        columns=tuple(
            Column(
                key=title.lower(),
                title=title,
                unit=unit,
                tip="ROI = (revenue − cost) ÷ cost." if title == "ROI" else "",
            )
            for title, unit in zip(titles, units, strict=True)
        ),
        rows=tuple(
            tuple(
                cell(value, row[1], value - 0.05, value + 0.05)  # type: ignore[operator]
                if title == "Contact"
                else cell(value, behind=behind("medium", str(row[0])) if title == "Leads" else None)
                for value, title in zip(row, titles, strict=True)
            )
            for row in rows
        ),
    )


def reps() -> Table:
    rows = (("Ana Pereira", 38.0, 0.98, 22, 94), ("Mara Keller", 41.0, 0.96, 24, 93),
            ("Ida Nyberg", 40.0, 0.97, 19, 90),
            ("Kim Tran", 47.0, 0.95, 17, 85), ("Raj Patel", 124.0, 0.81, 8, 58))  # fmt: skip
    units = (Unit.TEXT, Unit.SPAN, Unit.SHARE, Unit.COUNT, Unit.SCORE)
    return Table(
        key="reps",
        title="Reps · week 47",
        columns=tuple(
            Column(key=title.lower(), title=title, unit=unit)
            for title, unit in zip(("Rep", "TTFC", "SLA", "Booked", "Score"), units, strict=True)
        ),
        rows=tuple(tuple(cell(value) for value in row) for row in rows),
    )


def funnel() -> Table:
    steps = (("Captured", 2025, 1.0, None), ("Valid", 1960, 0.968, 1.2), ("Contacted", 1243, 0.614, 52.0),
             ("Qualified", 351, 0.173, 86400.0 * 2), ("Appointment", 362, 0.179, 86400.0 * 3),
             ("Won", 61, 0.03, 86400.0 * 14.4))  # fmt: skip
    return Table(
        key="steps",
        title="Funnel",
        draw=Draw.FUNNEL,
        columns=(
            Column(key="step", title="Step", unit=Unit.TEXT),
            Column(key="leads", title="Leads", unit=Unit.COUNT),
            Column(key="share", title="Of all", unit=Unit.SHARE),
            Column(key="time", title="Median time", unit=Unit.SPAN),
        ),
        rows=tuple(
            (cell(name), cell(count, behind=behind(name.lower(), "yes")), cell(share, 2025), cell(time))
            for name, count, share, time in steps
        ),
        notes=("Open leads are not failures: 412 of them may still go on.",),
    )


def days(draw: Draw = Draw.BARS, count: int = 28) -> Table:
    return Table(
        key=f"days-{draw}",
        title="Leads and qualified by day",
        draw=draw,
        columns=(
            Column(key="day", title="Day", unit=Unit.DAY),
            Column(key="leads", title="Leads", unit=Unit.COUNT),
            Column(key="qualified", title="Qualified", unit=Unit.COUNT),
        ),
        rows=tuple(
            (
                cell(f"2026-{10 + (day + 20) // 31:02d}-{(day + 20) % 31 + 1:02d}"),
                cell(60 + day * 7 % 31, behind=behind("day", str(day))),
                cell(10 + day * 5 % 9),
            )
            for day in range(count)
        ),
    )


def report(name: str = "response", **more: Any) -> Report:
    """One of the made-up reports."""
    tables = {
        "response": (curve(), heat(), sources(), reps()),
        "funnel": (funnel(), days(), days(Draw.LINES)),
        "hostile": (sources(HOSTILE), replace(curve(), title=HOSTILE, notes=(HOSTILE,))),
        "empty": (replace(curve(), rows=()), replace(sources(), rows=())),
    }[name]
    whole = Report(
        name=name,
        title={"response": "Response", "funnel": "Funnel", "hostile": HOSTILE, "empty": "Empty"}[name],
        asked=ASKED,
        zone="America/New_York",
        made_at=datetime(2026, 11, 22, 17, 4, tzinfo=UTC),
        head=0,
        figures=figures() if name == "response" else (),
        tables=tables,
        notes=("2,025 leads; 12 were never called.",),
    )
    return replace(whole, **more)


def shelf() -> Shelf:
    names = (("response", "Response"), ("funnel", "Funnel"), ("hostile", HOSTILE), ("empty", "Empty"))
    return Shelf(
        reports=tuple(
            ReportTitle(
                name=name, title=title[:20], by=(By.SOURCE, By.REP) if name == "response" else (By.TIER,)
            )
            for name, title in names
        ),
        zone="America/New_York",
        mediums=("google", "meta", HOSTILE),
        campaigns=("Spring",),
        first_capture=datetime(2026, 8, 20, 12, tzinfo=UTC),
    )


class ReportingFloor:
    """A floor whose reports are made up; everything else is the real one's."""

    def __init__(self, floor: Floor, leads: tuple[Lead, ...] = ()) -> None:
        self._floor = floor
        self.leads = leads
        self.asked: list[RunReport] = []
        self.behind: list[LeadsBehind] = []
        self.head = 0

    def ask(self, question: Any) -> Any:
        if isinstance(question, Reports):
            return shelf()
        if isinstance(question, RunReport):
            self.asked.append(question)
            return report(question.name, asked=question.asked, head=self.head)
        if isinstance(question, LeadsBehind):
            self.behind.append(question)
            return Behind(leads=self.leads, total=len(self.leads) + 500)
        return self._floor.ask(question)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._floor, name)


def let_leads_read(rights: dict[type[Any], Any]) -> None:
    """Reports are for whoever leads, in a table of rights."""
    for kind in (Reports, RunReport, LeadsBehind):
        rights.setdefault(kind, Right("read reports", LEADING))
