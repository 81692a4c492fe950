"""Pages of the import for pictures: files of each kind, written about leads that are on the floor."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from app.domain.lead import Lead
from app.domain.past import ImportKind
from app.ui.import_screen import ImportScreen
from app.workers.importer import Progress, Stage

PAGES: Final = (
    *ImportKind, *(f"{kind}-read" for kind in ImportKind), "bill", "untold", "unread", "work", "done", "failed",
)  # fmt: skip
"""The columns of a file of each kind, the same as it will be read, and what comes before and after."""
_STAGES = (
    "Closed Won",
    "Negotiation",
    "Closed Lost",
    "Junk",
    "Closed Won",
    "Qualification",
    "Lost to competitor",
)
_CALLS = ("Connected", "No answer", "Left voicemail", "Meeting booked", "Busy", "Wrong number")
_SOURCES = (
    ("Google Ads", "Spring kitchens", "kitchen-a"),
    ("Facebook", "Lookalike", ""),
    ("Fair", "Hanover", ""),
)
_MOST = 40


class Pages:
    """Brings pages of a screen up; `until` waits for something."""

    def __init__(
        self,
        screen: ImportScreen,
        folder: Path,
        leads: Sequence[Lead],
        until: Callable[[Callable[[], bool]], None],
    ) -> None:
        self._screen, self._folder, self._until = screen, folder, until
        self._leads = [lead for lead in leads if lead.email][:_MOST]

    def show(self, page: str) -> None:
        """One of `PAGES`."""
        screen = self._screen
        kind, _, view = page.partition("-")
        path = self._folder / ("letter.csv" if page == "failed" else f"{kind}.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            if page == "failed":
                file.write("%PDF-1.7\n")
            else:
                csv.writer(file, delimiter=";" if kind in ("results", "done") else ",").writerows(
                    self._rows(kind)
                )
        screen.take(path)
        self._until(lambda: not screen.job.busy)
        preview = screen.preview_page
        if view or page == "unread":
            preview.views.choose(view or page)
            preview.show_view(view or page)
        elif page == "work":
            sending = Stage.SENDING
            telling = Progress(
                stage=sending, rows=41_580, refused=12, share=0.45, per_second=4120, seconds_left=12
            )
            screen.work_page.begin(path.name, "")
            screen.work_page.show_progress(telling)
            screen.pages.setCurrentWidget(screen.work_page)
        elif page == "done":
            preview.confirm()
            self._until(lambda: not screen.job.busy)

    def _rows(self, kind: str) -> Iterator[Sequence[str]]:
        """The rows of a file, its header first."""
        if kind == ImportKind.COSTS:
            yield "Month", "Medium", "Campaign", "Ad", "Amount spent"
            for n in range(30):
                yield f"2024-{n % 12 + 1:02d}", *_SOURCES[n % 3], f"${n * 311 % 4000 + 200:,}.50"
        elif kind == "bill":
            yield "Campaign name", "Ad set name", "Reporting starts", "Reporting ends", "Amount spent (EUR)"
            for n in range(28):
                campaign = _SOURCES[n % 2][1]
                yield (
                    campaign,
                    f"{campaign} {n % 3 + 1}",
                    *(f"2024-02-{n + 1:02d}",) * 2,
                    f"{n * 311 % 400 + 20}.50",
                )
        elif kind == ImportKind.CALLS:
            yield "Email", "Call time", "Duration (seconds)", "Call Status", "Call Type", "Called by"
            for n, lead in enumerate(self._leads):
                at = f"{n % 27 + 1:02d}/{n % 9 + 1:02d}/2024 {9 + n % 8:02d}:{n:02d}"
                way = "Inbound" if n % 7 == 3 else "Outbound"
                yield lead.email, at, str(n * 17 % 400), _CALLS[n % len(_CALLS)], way, "Jo Reyes"
        elif kind in (ImportKind.RESULTS, "done"):
            yield "Email", "Deal stage", "Closed on", "Amount", "Reason"
            for n, lead in enumerate(self._leads):
                on, reason = f"{n % 28 + 1:02d}.{n % 11 + 1:02d}.2024", "too dear" if n % 7 == 2 else ""
                yield (
                    lead.email,
                    _STAGES[n % len(_STAGES)],
                    on,
                    f"{n % 9 + 1}.{n * 37 % 900 + 100},50 €",
                    reason,
                )
            yield "nobody@nowhere.example", "Closed Won", "03.04.2024", "1.000", ""
            yield "tom@x.example", "Closed Won", "soon", "10", ""
        else:
            yield "Lead ID", "Name", "Email", "Created Time", "Lead Source", "Owner", "Lead Status"
            days = 12 if kind == "untold" else 28
            for n, lead in enumerate(self._leads):
                year = {6: "2O24", 8: "2124"}.get(n, "2024") if kind == "unread" else "2024"
                at = f"{n % days + 1:02d}/{n % 11 + 1:02d}/{year} {8 + n % 10:02d}:{n:02d}"
                row = (
                    f"L-{1000 + n}",
                    lead.name,
                    lead.email,
                    at,
                    _SOURCES[n % 3][0],
                    "Jo Reyes",
                    _STAGES[n % 7],
                )
                yield row[:3] if kind == "unread" and n == 3 else row
