"""Who is reached and who qualifies: by how soon they were called, by which call it was, by hour and weekday.

The floor's own numbers stand beside the published ones (`_published.py`), which they are not fitted to.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.report import Asked, Better, By, Column, Figure, Report, Segment, Table, Unit
from app.reports import _beside, _calls
from app.reports import _cells as c
from app.reports._beside import CONTACT, QUALIFIED, together
from app.reports._delays import Delays, by_delay
from app.store.calls import calls
from app.store.facts import Facts

NAME = "contact"
TITLE = "Contact"
ORDER = 2
BY = c.ORDINARY

_ALL = Segment()


def run(facts: Facts, asked: Asked) -> Report:
    before = facts.before(asked)
    delays, made = by_delay(facts, asked), calls(facts, asked)
    times = _calls.by_time(made)
    was = by_delay(facts, before) if before else None
    tables = [
        _beside.delay(delays),
        _calls.attempts(made, together(delays.values()).called),
        _calls.heat(facts.zone, times),
    ]
    if asked.by is not By.WHOLE:
        tables.append(_groups(facts, asked))
    tables += [_calls.hours(times), _calls.days(times)]
    tables += [_beside.audit(delays), _beside.published(facts, asked, delays)]
    return c.report(facts, asked, NAME, TITLE, _figures(delays, was), tables)


def _figures(now: Delays, was: Delays | None) -> Iterator[Figure]:
    mine, then = together(now.values()), together(was.values()) if was is not None else None
    for key, title, step, note in (
        ("contact", "Contact rate", _beside.contacted, CONTACT),
        ("qualified", "Qualification rate", _beside.qualified, QUALIFIED),
        ("booked", "Booking rate", _beside.booked, "Leads with a first appointment, of all leads."),
    ):
        cell = c.share(step(mine), mine.leads, _ALL.narrowed(key, "yes"))
        yield c.figure(
            key, title, Unit.SHARE, cell, c.share(step(then), then.leads) if then else None, Better.MORE, note
        )
    for key, title, step in (
        ("odds_contact", "Odds of contact, 5 vs 30 min", _beside.contacted),
        ("odds_qualified", "Odds of qualifying, 5 vs 30 min", _beside.qualified),
    ):
        yield c.figure(
            key, title, Unit.TIMES, _beside.odds(now, step), _beside.odds(was, step) if was is not None else None,
            note="Called within 5 minutes against after 10 to 30.",
        )  # fmt: skip


def _groups(facts: Facts, asked: Asked) -> Table:
    columns = c.key_columns(asked.by)
    rows = []
    for cells, group, behind in c.rows(facts, columns, facts.groups(asked, asked.by)):
        n = group.counts
        rows.append(
            (
                *cells,
                c.count(n.leads, behind),
                *(
                    c.share(part, n.leads, behind.narrowed(key, "yes"))
                    for key, part in (
                        ("contact", n.contacted),
                        ("qualified", n.qualified),
                        ("booked", n.booked),
                    )
                ),
            )
        )
    return Table(
        key="groups",
        title=f"By {asked.by.value}",
        columns=(
            *columns,
            Column(key="leads", title="Leads", unit=Unit.COUNT),
            Column(key="contact", title="Contact", unit=Unit.SHARE, tip=CONTACT),
            Column(key="qualified", title="Qualified", unit=Unit.SHARE, tip=QUALIFIED),
            Column(key="booked", title="Booked", unit=Unit.SHARE),
        ),
        rows=tuple(rows),
    )
