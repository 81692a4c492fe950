"""Reps: what each person's leads came to, and how soon each called."""

from __future__ import annotations

from app.domain.milestones import Also, Group, Span
from app.domain.report import Asked, Better, By, Cell, Column, Figure, Report, Segment, Table, Unit
from app.reports._cells import count, report, share, sla
from app.reports._shown import median, said
from app.store.facts import Facts

NAME = "reps"
TITLE = "Reps"
ORDER = 6
BY = (By.REP,)
NOBODY = "(nobody)"
_EVERYBODY = Segment()


def run(facts: Facts, asked: Asked) -> Report:
    facts.expect(asked, By.REP, Also.CALLER, spans=(Span.CALL, Span.CALL_WORKED))
    owned = facts.groups(asked, By.REP)
    called = facts.groups(asked, Also.CALLER, spans=(Span.CALL, Span.CALL_WORKED))
    whole = facts.whole(asked, spans=(Span.CALL, Span.CALL_WORKED))
    before = facts.before(asked)
    was = facts.whole(before, spans=(Span.CALL,)) if before else None
    return report(
        facts,
        asked,
        NAME,
        TITLE,
        figures=_figures(whole, was),
        tables=(_owners(owned, facts.names), _callers(called, facts.names)),
        notes=(
            "A lead is its last owner's, with all that became of it; a first call is of the person who made it, "
            "whoever has the lead now.",
        ),
    )


def _figures(whole: Group, was: Group | None) -> tuple[Figure, ...]:
    now, then = whole.counts, was.counts if was else None
    owned = Segment().narrowed("called", "yes")
    return (
        Figure(
            key="ttfc",
            title="Median TTFC",
            unit=Unit.SPAN,
            now=median(whole.spread(Span.CALL), owned),
            was=median(was.spread(Span.CALL)) if was else None,
            better=Better.LESS,
            note=f"Start of the first call − capture. {now.leads - now.called:,} leads were never called.",
        ),
        Figure(
            key="sla",
            title="SLA met",
            unit=Unit.SHARE,
            now=sla(now, _EVERYBODY),
            was=sla(then) if then else None,
            better=Better.MORE,
            note="First-attempt clocks met ÷ (met + breached).",
        ),
        Figure(
            key="booking",
            title="Booking rate",
            unit=Unit.SHARE,
            now=share(now.booked, now.leads, _EVERYBODY.narrowed("booked", "yes")),
            was=share(then.booked, then.leads) if then else None,
            better=Better.MORE,
        ),
        Figure(
            key="won",
            title="Won",
            unit=Unit.COUNT,
            now=count(now.won, _EVERYBODY.narrowed("won", "yes")),
            was=count(then.won) if then else None,
            better=Better.MORE,
        ),
    )


def _owners(groups: dict[tuple[str, ...], Group], names: dict[str, str]) -> Table:
    rows = []
    for (rep,), group in sorted(groups.items(), key=lambda item: (-item[1].counts.leads, item[0])):
        c, mine = group.counts, Segment().narrowed(By.REP, rep)
        won = mine.narrowed("won", "yes")
        rows.append(
            (
                said(_name(rep, names), mine),
                count(c.leads, mine),
                sla(c, mine),
                share(c.contacted, c.leads, mine.narrowed("contact", "yes")),
                share(c.qualified, c.leads, mine.narrowed("qualified", "yes")),
                count(c.booked, mine.narrowed("booked", "yes")),
                share(c.booked, c.leads, mine.narrowed("booked", "yes")),
                count(c.won, won),
                share(c.won, c.leads, won),
                count(c.open, mine.narrowed("open", "yes")),
                Cell(value=c.revenue, n=c.won, behind=won),
            )
        )
    return Table(
        key="owners",
        title="By owner",
        columns=(
            Column(key="rep", title="Rep", unit=Unit.TEXT),
            Column(key="leads", title="Leads", unit=Unit.COUNT),
            Column(
                key="sla",
                title="SLA met",
                unit=Unit.SHARE,
                tip="First-attempt clocks met ÷ (met + breached).",
            ),
            Column(key="contact", title="Contact rate", unit=Unit.SHARE, tip="Leads talked to ÷ leads."),
            Column(key="qualified", title="Qualified", unit=Unit.SHARE),
            Column(key="booked", title="Booked", unit=Unit.COUNT),
            Column(key="booking", title="Booking rate", unit=Unit.SHARE),
            Column(key="won", title="Won", unit=Unit.COUNT),
            Column(key="conversion", title="Conversion", unit=Unit.SHARE, tip="Won ÷ leads."),
            Column(key="open", title="Open", unit=Unit.COUNT, tip="Not ended yet; no failures."),
            Column(key="revenue", title="Revenue", unit=Unit.MONEY),
        ),
        rows=tuple(rows),
    )


def _callers(groups: dict[tuple[str, ...], Group], names: dict[str, str]) -> Table:
    rows = []
    for (rep,), group in sorted(groups.items(), key=lambda item: (-item[1].counts.leads, item[0])):
        if not rep and not group.counts.called:
            continue
        c, mine = group.counts, Segment().narrowed(Also.CALLER, rep).narrowed("called", "yes")
        spread = group.spread(Span.CALL)
        rows.append(
            (
                said(_name(rep, names), mine),
                count(c.called, mine),
                median(spread, mine),
                Cell(value=spread.p90, n=spread.n, behind=mine),
                median(group.spread(Span.CALL_WORKED), mine),
                sla(c, mine),
                share(c.contacted, c.leads, mine.narrowed("contact", "yes")),
            )
        )
    never = sum(group.counts.leads - group.counts.called for group in groups.values())
    return Table(
        key="callers",
        title="By who called first",
        columns=(
            Column(key="rep", title="Rep", unit=Unit.TEXT),
            Column(key="called", title="Called first", unit=Unit.COUNT),
            Column(key="ttfc", title="TTFC", unit=Unit.SPAN, tip="Median from capture to the first call."),
            Column(key="ttfc_p90", title="TTFC p90", unit=Unit.SPAN),
            Column(
                key="ttfc_worked", title="TTFC, working time", unit=Unit.SPAN, tip="Median in working hours."
            ),
            Column(key="sla", title="SLA met", unit=Unit.SHARE),
            Column(
                key="contact", title="Contact rate", unit=Unit.SHARE, tip="Of the leads they called first."
            ),
        ),
        rows=tuple(rows),
        notes=(f"{never:,} leads were never called and stand with nobody.",),
    )


def _name(rep: str, names: dict[str, str]) -> str:
    return names.get(rep, "(left the floor)") if rep else NOBODY
