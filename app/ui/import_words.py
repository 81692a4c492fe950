"""What the import screen says: kinds and targets by name, what will happen, how far it is, what came of it."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from app.domain.mapping import TARGETS, Mapping, Target
from app.domain.past import ImportKind
from app.workers.importer import Progress, Report, Stage
from app.workers.preview import Preview, untold_column

__all__ = [
    "groups",
    "how_far",
    "kind_name",
    "rows_of",
    "target_name",
    "told_of",
    "what_came",
    "what_will_happen",
    "why_not",
]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Import", text)


def kind_name(kind: ImportKind) -> str:
    return {
        ImportKind.LEADS: _tr("Leads"),
        ImportKind.CALLS: _tr("Calls"),
        ImportKind.RESULTS: _tr("Results"),
        ImportKind.COSTS: _tr("Costs"),
    }[kind]


@lru_cache(maxsize=1)
def _names() -> dict[Target, str]:
    return {
        Target.NAME: _tr("Name"),
        Target.FIRST_NAME: _tr("First name"),
        Target.LAST_NAME: _tr("Last name"),
        Target.TITLE: _tr("Job title"),
        Target.COMPANY: _tr("Company"),
        Target.EMAIL: _tr("E-mail"),
        Target.PHONE: _tr("Phone"),
        Target.STREET: _tr("Street"),
        Target.CITY: _tr("City"),
        Target.REGION: _tr("State or region"),
        Target.POSTCODE: _tr("Postcode"),
        Target.COUNTRY: _tr("Country"),
        Target.ASK: _tr("What they ask"),
        Target.MEDIUM: _tr("Medium"),
        Target.CAMPAIGN: _tr("Campaign"),
        Target.AD: _tr("Ad"),
        Target.KEYWORD: _tr("Keyword"),
        Target.CLICK_ID: _tr("Click id"),
        Target.PAGE: _tr("Page"),
        Target.EXTERNAL_ID: _tr("Their number or id"),
        Target.CONSENT: _tr("Consent"),
        Target.NO_CALL: _tr("Do not call"),
        Target.NO_EMAIL: _tr("Do not e-mail"),
        Target.WON: _tr("Won"),
        Target.IS_TEST: _tr("Test lead"),
        Target.ANSWER: _tr("Keep as answer"),
        Target.OUT: _tr("Leave out"),
        Target.CAPTURED_AT: _tr("Came in on"),
        Target.OWNER: _tr("Whose it is"),
        Target.TIER: _tr("Tier"),
        Target.FIRST_CALL_AT: _tr("First called on"),
        Target.CALLED_BY: _tr("Who called"),
        Target.CONTACT_AT: _tr("First talked on"),
        Target.QUALIFIED_AT: _tr("Qualified on"),
        Target.BOOKED_AT: _tr("Appointment booked on"),
        Target.RESULT: _tr("Result"),
        Target.WON_AT: _tr("Won on"),
        Target.LOST: _tr("Lost"),
        Target.LOST_AT: _tr("Lost on"),
        Target.CLOSED_AT: _tr("Closed on"),
        Target.AMOUNT: _tr("Amount"),
        Target.REASON: _tr("Reason"),
        Target.CALLED_AT: _tr("Called on"),
        Target.SECONDS: _tr("Length in seconds"),
        Target.MINUTES: _tr("Length in minutes"),
        Target.OUTCOME: _tr("How it ended"),
        Target.DIRECTION: _tr("Out or in"),
        Target.FIRST_DAY: _tr("Day, or first day"),
        Target.LAST_DAY: _tr("Last day"),
        Target.TIME: _tr("Time of day"),
    }


def target_name(target: Target) -> str:
    return _names()[target]


def groups(kind: ImportKind) -> tuple[tuple[str, tuple[Target, ...]], ...]:
    """The targets of a kind of file as a menu shows them: those with a heading in a menu of their own, the others at
    once. Nothing of another kind is among them, and no group is empty."""
    t = Target
    whole = (
        ("", (t.NAME, t.FIRST_NAME, t.LAST_NAME, t.TITLE, t.COMPANY, t.EXTERNAL_ID)),
        ("", (t.EMAIL, t.PHONE, t.ASK)),
        ("", (t.CALLED_AT, t.SECONDS, t.MINUTES, t.OUTCOME, t.DIRECTION)),
        ("", (t.FIRST_DAY, t.LAST_DAY)),
        (_tr("Address"), (t.STREET, t.CITY, t.REGION, t.POSTCODE, t.COUNTRY)),
        (_tr("Where from"), (t.MEDIUM, t.CAMPAIGN, t.AD, t.KEYWORD, t.CLICK_ID, t.PAGE)),
        (_tr("Yes or no"), (t.CONSENT, t.NO_CALL, t.NO_EMAIL, t.IS_TEST)),
        (
            _tr("What was done"),
            (
                t.CAPTURED_AT,
                t.TIME,
                t.OWNER,
                t.TIER,
                t.FIRST_CALL_AT,
                t.CALLED_BY,
                t.CONTACT_AT,
                t.QUALIFIED_AT,
                t.BOOKED_AT,
            ),
        ),
        (
            _tr("What became of it"),
            (t.RESULT, t.WON, t.WON_AT, t.LOST, t.LOST_AT, t.CLOSED_AT, t.AMOUNT, t.REASON),
        ),
        ("", (t.ANSWER, t.OUT)),
    )
    fitting = ((heading, tuple(one for one in some if one in TARGETS[kind])) for heading, some in whole)
    flat = kind in (ImportKind.CALLS, ImportKind.COSTS)  # of these there are few enough for one menu
    return tuple(("" if flat else heading, some) for heading, some in fitting if some)


def what_will_happen(preview: Preview, mapping: Mapping, unread: int = 0) -> str:
    """A sentence or two on what the button will do, or why it can't; `unread` rows of the sample can't be read."""
    if why := why_not(preview, mapping):
        return why
    kind, most = mapping.kind, len(preview.sample)
    if unread == most and unread:
        return _tr("None of the first rows can be read. Look at what the columns mean.")
    rows = rows_of(preview.rows)
    if not preview.is_exact:
        rows = _tr("about {rows}").format(rows=rows)
    said = [
        {
            ImportKind.LEADS: _tr("Brings {rows} in as leads; no clock starts and nobody is rung."),
            ImportKind.CALLS: _tr("Tells {rows} of calls to leads that are here; nobody is rung."),
            ImportKind.RESULTS: _tr("Tells {rows} of what became of leads that are here; nobody is rung."),
            ImportKind.COSTS: _tr("Enters {rows} as costs, each spread evenly over its days."),
        }[kind].format(rows=rows)
    ]
    if unread:
        said.append(
            _tr("{n} of the first {most} rows can't be read and would be refused.").format(
                n=unread, most=most
            )
        )
    if preview.refused:
        said.append(
            _tr("{rows} can't be read; the rejects file will say why.").format(rows=rows_of(preview.refused))
        )
    if kind is ImportKind.LEADS and not mapping.tells_past:
        said.append(_tr("Who has an open lead already is joined to it."))
    elif kind in (ImportKind.CALLS, ImportKind.RESULTS):
        said.append(_tr("Rows about nobody who is here go into the rejects file."))
    return " ".join(said)


def why_not(preview: Preview, mapping: Mapping) -> str:
    """Why a file can't come in by these columns yet, in a sentence; "" if it can."""
    if lacks := mapping.lacks:
        return lacks
    if mapping.untold:
        header, _ = untold_column(preview, mapping)
        return _tr("Say whether the day or the month stands first in “{column}”.").format(column=header)
    return ""


def rows_of(number: int) -> str:
    """So many rows."""
    return _tr("1 row") if number == 1 else _tr("{n} rows").format(n=f"{number:,}")


def told_of(kind: ImportKind, number: int) -> str:
    """So many calls, results or costs."""
    one, some = {
        ImportKind.LEADS: (_tr("1 lead"), _tr("{n} leads")),
        ImportKind.CALLS: (_tr("1 call"), _tr("{n} calls")),
        ImportKind.RESULTS: (_tr("1 result"), _tr("{n} results")),
        ImportKind.COSTS: (_tr("1 cost"), _tr("{n} costs")),
    }[kind]
    return one if number == 1 else some.format(n=f"{number:,}")


def how_far(progress: Progress, kind: ImportKind = ImportKind.LEADS) -> tuple[str, str]:
    """What is being done, and its figures."""
    if progress.stage == Stage.FINISHING:
        return _tr("Making {what} of it…").format(what=told_of(kind, progress.rows)), ""
    parts = [rows_of(progress.rows)]
    if progress.refused:
        parts.append(_tr("{n} refused").format(n=f"{progress.refused:,}"))
    if progress.per_second and progress.stage == Stage.SENDING:
        parts.append(_tr("{n} rows a second").format(n=f"{progress.per_second:,.0f}"))
    if progress.seconds_left and progress.stage == Stage.SENDING:
        left = round(progress.seconds_left)
        parts.append(_tr("{time} left").format(time=f"{left // 60}:{left % 60:02d}"))
    doing = _tr("Reading the file") if progress.stage == Stage.LOOKING else _tr("Importing")
    share = f" · {int(progress.share * 100)}%" if progress.share is not None else ""
    return doing + share, " · ".join(parts)


def what_came(report: Report) -> tuple[str, str]:
    """A title and a sentence on a finished import."""
    kind = report.kind
    number = report.leads if kind is ImportKind.LEADS else report.told
    title = _tr("{what} imported").format(what=told_of(kind, number))
    said = []
    if report.joined:
        said.append(_tr("Joined to leads that were there: {rows}.").format(rows=rows_of(report.joined)))
    if report.repeated:
        said.append(_tr("Told by an earlier file already: {rows}.").format(rows=rows_of(report.repeated)))
    if report.rejected:
        said.append(
            _tr("Refused: {rows}; the rejects file says where and why.").format(rows=rows_of(report.rejected))
        )
    else:
        said.append(_tr("Every row is in."))
    if report.mended:
        said.append(_tr("Quoted wrongly, but read as meant: {rows}.").format(rows=rows_of(report.mended)))
    return title, " ".join(said)
