"""Funnel: how far leads came, how long each step took, and how each month's or week's leads fare."""

from __future__ import annotations

from app.domain.milestones import Counts, Group, Span
from app.domain.report import Asked, Better, By, Cell, Column, Draw, Figure, Report, Segment, Table, Unit
from app.reports._cells import count, key_columns, report, share
from app.reports._shown import median, said
from app.store.ages import sound
from app.store.facts import Facts

NAME = "funnel"
TITLE = "Funnel"
ORDER = 4
BY = (By.MONTH, By.WEEK)
SPANS = (Span.CONTACT, Span.QUALIFIED, Span.BOOKED, Span.WON)
BETWEEN = (Span.CONTACT_TO_QUALIFIED, Span.QUALIFIED_TO_BOOKED, Span.BOOKED_TO_WON)
_EVERYBODY = Segment()


def run(facts: Facts, asked: Asked) -> Report:
    by = asked.by if asked.by in BY else By.MONTH
    facts.expect(asked, by, spans=SPANS + BETWEEN)
    whole = facts.whole(asked, spans=SPANS + BETWEEN)
    before = facts.before(asked)
    valid = sound(facts, asked)
    cohorts = facts.groups(asked, by, spans=(Span.WON,))
    return report(
        facts,
        asked,
        NAME,
        TITLE,
        figures=(
            *_figures(whole.counts, facts.whole(before).counts if before else None),
            _booked_of_contacted(facts, asked, before),
        ),
        tables=(_steps(whole, valid), _cohorts(cohorts, by)),
        notes=_notes(whole.counts),
    )


def _figures(now: Counts, was: Counts | None) -> tuple[Figure, ...]:
    steps = (
        ("contact", "Contact rate", "Contacted", now.contacted, was.contacted if was else 0),
        ("qualified", "Qualification rate", "Qualified", now.qualified, was.qualified if was else 0),
        ("booked", "Booking rate", "Appointments", now.booked, was.booked if was else 0),
        ("won", "Lead conversion rate", "Won", now.won, was.won if was else 0),
    )
    return tuple(
        Figure(
            key=key,
            title=title,
            unit=Unit.SHARE,
            now=share(part, now.leads, _EVERYBODY.narrowed(key, "yes")),
            was=share(part_was, was.leads) if was else None,
            better=Better.MORE,
            note=f"{of} ÷ leads captured.",
        )
        for key, title, of, part, part_was in steps
    )


def _booked_of_contacted(facts: Facts, asked: Asked, before: Asked | None) -> Figure:
    """Of those that were talked to: an appointment that came another way is no fruit of a talk."""
    now = facts.whole(asked.narrowed("contact", "yes")).counts
    was = facts.whole(before.narrowed("contact", "yes")).counts if before else None
    return Figure(
        key="booked_of_contacted",
        title="Booked of contacted",
        unit=Unit.SHARE,
        now=share(now.booked, now.leads, _EVERYBODY.narrowed("contact", "yes").narrowed("booked", "yes")),
        was=share(was.booked, was.leads) if was else None,
        better=Better.MORE,
        note="Leads with a first appointment, of the leads that were talked to.",
    )


def _steps(whole: Group, valid: int) -> Table:
    c = whole.counts
    steps = (
        ("Captured", c.leads, None, None, _EVERYBODY),
        ("Valid", valid, None, None, None),
        ("Contacted", c.contacted, Span.CONTACT, Span.CONTACT, _EVERYBODY.narrowed("contact", "yes")),
        ("Qualified", c.qualified, Span.QUALIFIED, BETWEEN[0], _EVERYBODY.narrowed("qualified", "yes")),
        ("Appointment", c.booked, Span.BOOKED, BETWEEN[1], _EVERYBODY.narrowed("booked", "yes")),
        ("Won", c.won, Span.WON, BETWEEN[2], _EVERYBODY.narrowed("won", "yes")),
    )
    rows = tuple(
        (
            said(name, behind),
            count(reached, behind),
            share(reached, c.leads, behind),
            median(whole.spread(since), behind) if since else Cell(value=None),
            median(whole.spread(step), behind) if step else Cell(value=None),
        )
        for name, reached, since, step, behind in steps
    )
    return Table(
        key="steps",
        title="From capture to sale",
        columns=(
            Column(key="step", title="Step", unit=Unit.TEXT),
            Column(key="leads", title="Leads", unit=Unit.COUNT),
            Column(key="share", title="Of captured", unit=Unit.SHARE),
            Column(
                key="since_capture",
                title="Since capture",
                unit=Unit.SPAN,
                tip="Median time from capture, of the leads that came so far.",
            ),
            Column(
                key="since_step",
                title="Since the step before",
                unit=Unit.SPAN,
                tip="Median time from contact to qualified, from there to the appointment, from there to won, "
                "of the leads that took both.",
            ),
        ),
        rows=rows,
        draw=Draw.FUNNEL,
        notes=(
            "Valid: nothing was found wrong with the e-mail address or the number. Leads may skip a step: one may be "
            "won without an appointment, and then counts in every step that it did take.",
        ),
    )


def _cohorts(cohorts: dict[tuple[str, ...], Group], by: By) -> Table:
    rows = []
    for (begin,), group in cohorts.items():
        c, mine = group.counts, Segment().narrowed(by, begin)
        steps = (("contact", c.contacted), ("qualified", c.qualified), ("booked", c.booked), ("won", c.won))
        rows.append(
            (
                said(begin, mine),
                count(c.leads, mine),
                *(share(part, c.leads, mine.narrowed(field, "yes")) for field, part in steps),
                median(group.spread(Span.WON), mine.narrowed("won", "yes")),
                share(c.open, c.leads, mine.narrowed("open", "yes")),
            )
        )
    return Table(
        key="cohorts",
        title=f"By {by.value} of capture",
        columns=(
            *key_columns(by),
            Column(key="leads", title="Leads", unit=Unit.COUNT),
            Column(key="contact", title="Contacted", unit=Unit.SHARE),
            Column(key="qualified", title="Qualified", unit=Unit.SHARE),
            Column(key="booked", title="Appointment", unit=Unit.SHARE),
            Column(key="won", title="Won", unit=Unit.SHARE),
            Column(key="to_won", title="Time to win", unit=Unit.SPAN, tip="Median from capture to won."),
            Column(
                key="open",
                title="Open still",
                unit=Unit.SHARE,
                tip="Not lost: what becomes of them is not known.",
            ),
        ),
        rows=tuple(rows),
        notes=("Young leads had less time to come far; how many of them are open is beside.",),
    )


def _notes(c: Counts) -> tuple[str, ...]:
    return (
        f"{c.open:,} of {c.leads:,} leads are open still: they are shown as open and are no failures.",
        f"{c.lost:,} were lost and {c.unfit:,} were no fit.",
    )
