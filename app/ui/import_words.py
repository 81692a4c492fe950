"""What the import screen says: targets by name, what will happen, how far it is, what came of it."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from app.domain.mapping import Mapping, Target
from app.workers.importer import Progress, Report, Stage
from app.workers.preview import Preview

__all__ = ["groups", "how_far", "leads_of", "rows_of", "target_name", "what_came", "what_will_happen"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Import", text)


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
        Target.MEDIUM: _tr("Source"),
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
    }


def target_name(target: Target) -> str:
    return _names()[target]


def groups() -> tuple[tuple[str, tuple[Target, ...]], ...]:
    """The targets as a menu shows them: those with a heading in a menu of their own, the others at once."""
    t = Target
    return (
        ("", (t.NAME, t.FIRST_NAME, t.LAST_NAME, t.TITLE, t.COMPANY, t.EXTERNAL_ID)),
        ("", (t.EMAIL, t.PHONE, t.ASK)),
        (_tr("Address"), (t.STREET, t.CITY, t.REGION, t.POSTCODE, t.COUNTRY)),
        (_tr("Where from"), (t.MEDIUM, t.CAMPAIGN, t.AD, t.KEYWORD, t.CLICK_ID, t.PAGE)),
        (_tr("Yes or no"), (t.CONSENT, t.NO_CALL, t.NO_EMAIL, t.WON, t.IS_TEST)),
        ("", (t.ANSWER, t.OUT)),
    )


def what_will_happen(preview: Preview, mapping: Mapping) -> str:
    """A sentence or two on what the button will do."""
    if not mapping.names_somebody:
        return _tr(
            "No column says who these people are. Give one of them a name, company, e-mail, phone or id."
        )
    unnamed = preview.unnamed(mapping)
    if unnamed == len(preview.sample) and unnamed:
        return _tr("None of the first rows says who it is. Look at what the columns mean.")
    rows = rows_of(preview.rows)
    if not preview.is_exact:
        rows = _tr("about {rows}").format(rows=rows)
    said = [_tr("Brings {rows} in as leads of the pool; nobody is rung.").format(rows=rows)]
    if unnamed:
        said.append(
            _tr("{n} of the first {most} rows name nobody and would be refused.").format(
                n=unnamed, most=len(preview.sample)
            )
        )
    if preview.refused:
        said.append(
            _tr("{rows} can't be read; the rejects file will say why.").format(rows=rows_of(preview.refused))
        )
    said.append(_tr("Who has an open lead already is joined to it."))
    return " ".join(said)


def rows_of(number: int) -> str:
    """So many rows."""
    return _tr("1 row") if number == 1 else _tr("{n} rows").format(n=f"{number:,}")


def leads_of(number: int) -> str:
    """So many leads."""
    return _tr("1 lead") if number == 1 else _tr("{n} leads").format(n=f"{number:,}")


def how_far(progress: Progress) -> tuple[str, str]:
    """What is being done, and its figures."""
    if progress.stage == Stage.FINISHING:
        return _tr("Making {leads} of it…").format(leads=leads_of(progress.rows)), ""
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
    title = _tr("{leads} imported").format(leads=leads_of(report.leads))
    said = []
    if report.joined:
        said.append(_tr("Joined to leads that were there: {rows}.").format(rows=rows_of(report.joined)))
    if report.rejected:
        said.append(
            _tr("Refused: {rows}; the rejects file says where and why.").format(rows=rows_of(report.rejected))
        )
    else:
        said.append(_tr("Every row is in."))
    if report.mended:
        said.append(_tr("Quoted wrongly, but read as meant: {rows}.").format(rows=rows_of(report.mended)))
    return title, " ".join(said)
