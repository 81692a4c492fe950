"""What the window says around a screen: the day's figures, the person, the foot, the badge, the banners.

None of it is in a hurry. A batch of the feed is shown in the screens first; what stands here is settled a
moment later, once for many batches, and the figures are asked for when they may have changed and at
midnight.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from app.domain.commands import ClearAlarm
from app.domain.lead import Lead, RepStatus, Tier
from app.domain.order import belongs
from app.domain.questions import DayFigures, Figures
from app.floor.board import Changes
from app.floor.floor import Link
from app.ui.context import Context
from app.ui.shell import Status
from app.ui.theme import Tint
from app.ui.wording import clock_face, time_of_day

__all__ = ["Head", "midnight", "status_tint", "status_word"]

SETTLE_MS = 60
FIGURES_MS = 400
DRIFT_S = 10
"""Seconds between two looks at how far this computer's clock has moved."""
MOST_ALARMS = 3
"""Banners at a time; the rest are counted in one."""

_TINTS: dict[RepStatus, Tint] = {
    RepStatus.AVAILABLE: "good",
    RepStatus.ON_CALL: "hot",
    RepStatus.WRAP_UP: "warm",
    RepStatus.BREAK: "warm",
    RepStatus.AWAY: "grey",
}


def status_word(status: RepStatus) -> str:
    """What a rep is doing, in a word or two."""
    tr = QCoreApplication.translate
    return {
        RepStatus.AVAILABLE: tr("status", "Available"),
        RepStatus.ON_CALL: tr("status", "On a call"),
        RepStatus.WRAP_UP: tr("status", "Wrap-up"),
        RepStatus.BREAK: tr("status", "Break"),
        RepStatus.AWAY: tr("status", "Away"),
    }[status]


def status_tint(status: RepStatus) -> Tint:
    return _TINTS[status]


def midnight(now: datetime) -> datetime:
    """The last midnight of this computer's time zone, in UTC."""
    day = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    return day.astimezone(UTC)


class Head(QObject):
    """Keeps header, rail and foot of the shell up to date."""

    def __init__(self, context: Context, place: str, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._place = place
        self._sentence = ""
        self._tiers: Counter[Tier] = Counter()
        self._counted: dict[str, Tier] = {}
        """The leads of my queue, and as what each was counted."""
        self._figures: Figures | None = None
        self._asked = False
        self._ask_again = False
        self._day = midnight(context.now())
        self._drift_at: datetime | None = None
        self._kept = True
        self._alarms: dict[str, str] = {}
        """Banners of alarms that stand, by key, and what each says."""
        self._settling = QTimer(self, singleShot=True)
        self._settling.setInterval(SETTLE_MS)
        self._settling.timeout.connect(self._settle)
        self._asking = QTimer(self, singleShot=True)
        self._asking.setInterval(FIGURES_MS)
        self._asking.timeout.connect(self._ask)

    def start(self) -> None:
        shell = self._context.shell
        picked = (RepStatus.AVAILABLE, RepStatus.WRAP_UP, RepStatus.BREAK, RepStatus.AWAY)
        shell.set_statuses([Status(one.value, status_word(one), status_tint(one)) for one in picked])
        shell.screen_shown.connect(self._show_figures)
        self._show_link()

    def stop(self) -> None:
        self._settling.stop()
        self._asking.stop()
        self._context.shell.screen_shown.disconnect(self._show_figures)

    # what happens

    def follow(self, changes: Changes) -> None:
        """Take note of a batch; it is shown a moment later."""
        if changes.snapshot:
            me = self._context.me
            self._counted = {lead.id: lead.tier for lead in changes.added if belongs(lead, me)}
            self._tiers = Counter(self._counted.values())
        else:
            for lead in (*changes.added, *(lead for _, lead in changes.changed), *changes.removed):
                self._count(lead)
        if changes.kept:
            self._show_kept()
        if changes.went_back:
            self._show_went_back()
        if not self._settling.isActive():
            self._settling.start()
        if (changes.snapshot or changes.entries) and not self._asking.isActive():
            self._asking.start()

    def tick(self, now: datetime) -> None:
        """A second of the floor's time has passed."""
        self._context.shell.set_time(time_of_day(now))
        if now - self._day >= timedelta(hours=23) and midnight(now) != self._day:
            self._day = midnight(now)
            self._asking.start()
        if self._drift_at is None or abs(now - self._drift_at) >= timedelta(seconds=DRIFT_S):
            self._drift_at = now
            self._show_link()

    def set_link(self, sentence: str) -> None:
        """The context's link has changed."""
        self._sentence = sentence
        self._show_link()

    # how it is shown

    def _count(self, lead: Lead) -> None:
        was = self._counted.pop(lead.id, None)
        if was is not None:
            self._tiers[was] -= 1
        if belongs(lead, self._context.me):
            self._counted[lead.id] = lead.tier
            self._tiers[lead.tier] += 1

    @Slot()
    def _settle(self) -> None:
        context, rep = self._context, self._context.rep
        if rep is not None:
            word, tint, time = status_word(rep.status), status_tint(rep.status), time_of_day(context.now())
            context.shell.set_person(rep.initials, rep.name, word, tint, time)
        context.shell.set_badge("review", context.board.in_review)
        self._show_figures(context.shell.shown)
        self._show_alarms()

    @Slot(str)
    def _show_figures(self, screen: str) -> None:
        if screen != "queue":
            return
        words: tuple[tuple[Tier, str, Tint], ...] = (
            (Tier.HOT, self.tr("{n} hot"), "hot"),
            (Tier.WARM, self.tr("{n} warm"), "warm"),
            (Tier.COLD, self.tr("{n} cold"), "cold"),
        )
        chips = [(text.format(n=self._tiers[tier]), tint) for tier, text, tint in words if self._tiers[tier]]
        self._context.shell.set_header(chips, self._figure_words() if self._figures else ())

    def _figure_words(self) -> tuple[tuple[str, str, str], ...]:
        """Label, value and how it moved, for each figure of the day."""
        day = self._figures
        if day is None:
            return ()
        ttfc = "–" if day.ttfc_median is None else clock_face(day.ttfc_median)
        met, before = _share(day.sla_met, day.sla_missed), _share(day.sla_met_before, day.sla_missed_before)
        delta = ""
        if met is not None and before is not None and met != before:
            delta = f"▲ {met - before}" if met > before else f"!▼ {before - met}"
        return (
            (self.tr("Your TTFC today"), ttfc, ""),
            (self.tr("SLA"), "–" if met is None else f"{met}%", delta),
            (self.tr("Calls"), str(day.calls), ""),
            (self.tr("Booked"), str(day.booked), ""),
        )

    @Slot()
    def _ask(self) -> None:
        """One question at a time; what changes meanwhile is asked for afterwards."""
        if self._asked:
            self._ask_again = True
            return
        self._asked = True
        question = DayFigures(rep_id=self._context.me, since=midnight(self._context.now()))
        self._context.relay.ask(question, self._take_figures, self._no_figures)

    def _take_figures(self, figures: Figures) -> None:
        self._figures = figures
        self._show_figures(self._context.shell.shown)
        self._no_figures()

    def _no_figures(self, _error: object = None) -> None:
        self._asked = False
        if self._ask_again:
            self._ask_again = False
            self._asking.start()

    def _show_link(self) -> None:
        link, shell = self._context.link, self._context.shell
        if link is Link.LIVE:
            drift = getattr(self._context.clock, "drift", None)
            parts = [self._place, self.tr("live")]
            if drift is not None:
                seconds = f"{round(drift(), 2) + 0.0:+.2f}".replace("-", "−")  # + 0.0: there is no −0.00 s
                parts.append(self.tr("clock {seconds} s").format(seconds=seconds))
            if self._sentence:
                parts.append(self._sentence)
            if self._kept:
                shell.set_connection("live", " · ".join(parts))
            else:
                shell.set_connection("catching", " · ".join((*parts[:2], self.tr("escalations paused"))))
            shell.clear_banner("link")
        elif link is Link.CATCHING_UP:
            shell.set_connection("catching", f"{self._place} · {self.tr('catching up')}")
            shell.clear_banner("link")
        else:
            shell.set_connection("away", f"{self._place} · {self.tr('away')}")
            lost = self.tr("This desk has lost its floor. What you see may be out of date.")
            kept = self.tr("Calls, notes and outcomes of your leads are kept here and sent when it is back.")
            words = [lost, self._sentence, kept if self._context.unsent is not None else ""]
            shell.banner("link", "danger", " ".join(part for part in words if part))

    def _show_kept(self) -> None:
        """Say while no program keeps the clocks: nobody else would tell the floor."""
        self._kept = self._context.board.kept
        if self._kept:
            self._context.shell.clear_banner("kept")
        else:
            paused = self.tr("Escalations paused: no desk and no server keeps this floor's clocks.")
            what = self.tr("Deadlines still pass, but nobody is told. They catch up once one does.")
            self._context.shell.banner("kept", "danger", f"{paused} {what}")
        self._show_link()

    def _show_went_back(self) -> None:
        """Say that what was done last may be undone: a rep who made a call remembers it, the floor does not."""
        back = self.tr("The floor went back to an earlier state and went on from there.")
        look = self.tr("What was done just before may be missing. Please look through your leads.")
        self._context.shell.banner("back", "warn", f"{back} {look}", closable=True)

    def _show_alarms(self) -> None:
        """The latest alarms, each with its way to be cleared."""
        standing = sorted(self._context.board.alarms, key=lambda alarm: alarm.raised_at, reverse=True)
        wanted = {f"alarm.{alarm.id}": alarm.text for alarm in standing[:MOST_ALARMS]}
        if len(standing) > MOST_ALARMS:
            more = self.tr("{n} more alarms stand behind these.")
            wanted["alarms"] = more.format(n=len(standing) - MOST_ALARMS)
        shell = self._context.shell
        for key in self._alarms.keys() - wanted.keys():
            shell.clear_banner(key)
        for key, text in wanted.items():
            if self._alarms.get(key) != text:
                alarm_id = key.removeprefix("alarm.")
                if key == "alarms":
                    shell.banner(key, "warn", text)
                else:
                    clear = self.tr("Clear") if not self._context.why_not(ClearAlarm) else ""
                    shell.banner(
                        key, "danger", text, clear, partial(self._clear, alarm_id) if clear else None
                    )
        self._alarms = wanted

    def _clear(self, alarm_id: str) -> None:
        self._context.relay.do(ClearAlarm(alarm_id=alarm_id, why=self.tr("seen to")))


def _share(met: int, missed: int) -> int | None:
    """Whole per cent of clocks met; None without any."""
    return round(100 * met / (met + missed)) if met + missed else None
