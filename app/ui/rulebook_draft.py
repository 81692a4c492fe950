"""The rulebook on the screen: the one in force, the draft being made of it, and what is wrong with that.

Each change is at once part of the draft, and a moment later the floor keeps it. Changes are taken back one by one.
Of two people who write at the same time neither overwrites the other unseen: a draft that somebody else saved while
there are changes of one's own here is held back until the person has chosen.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.commands import DropDraft, PublishRulebook, SaveDraft
from app.domain.errors import AppError
from app.domain.lead import Rep
from app.domain.questions import AllSources, Rulebooks, SourceList
from app.domain.questions_rulebook import RulebookShelf
from app.domain.rulebook import Rulebook
from app.domain.rulebook_check import Flaw, flaws
from app.domain.rulebook_diff import Change, changes
from app.ui.context import Context

__all__ = ["RulebookDraft", "Standing"]

SAVE_MS = 600
"""After the last change the floor keeps the draft."""
LOOK_MS = 5_000
"""So often a screen in front asks whether somebody else wrote."""
_MOST_UNDO = 200


class Standing(Enum):
    """How far the screen has come."""

    LOADING = "loading"
    THERE = "there"
    TROUBLE = "trouble"


class RulebookDraft(QObject):
    """What all parts of the screen share."""

    changed = Signal()
    """Another rulebook is shown, or what is known of it."""
    loaded = Signal()
    """The floor told how things stand, or why it can't."""
    theirs = Signal()
    """Somebody else saved a draft while there are changes here; `other` is who."""
    told = Signal(str)
    """Something to tell the person for a moment."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.standing = Standing.LOADING
        self.trouble = ""
        self.shelf: RulebookShelf | None = None
        self.book: Rulebook | None = None
        self.flaws: tuple[Flaw, ...] = ()
        self.changes: tuple[Change, ...] = ()
        self.sources: tuple[tuple[str, str], ...] = ()
        """Id and name of each way in."""
        self.other = ""
        """Who else saved a draft that is not shown yet; "" for nobody."""
        self._unread: dict[str, tuple[str, str]] = {}
        self._before: list[tuple[str, Rulebook]] = []
        self._asking = self._stale = False
        self._unsaved = False
        self._saving = 0
        self._sent: Rulebook | None = None
        self._held: RulebookShelf | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.setInterval(SAVE_MS)
        self._timer.timeout.connect(self.save)
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._look)

    # how things stand

    @property
    def reps(self) -> tuple[Rep, ...]:
        """Everybody of the floor, by name."""
        return tuple(sorted(self._context.board.reps.values(), key=lambda rep: rep.name.casefold()))

    @property
    def may_edit(self) -> bool:
        return not self._context.why_not(SaveDraft)

    @property
    def is_draft(self) -> bool:
        """Whether what is shown differs from what is in force."""
        return self.shelf is not None and self.book is not None and self.book != self.shelf.live

    @property
    def number(self) -> int:
        """The number it would be published under."""
        return self.shelf.live.version + 1 if self.shelf else 0

    @property
    def can_undo(self) -> bool:
        return bool(self._before) and self.may_edit

    @property
    def can_publish(self) -> bool:
        return self.is_draft and not self.flaws and not self._unread and not self.other

    @property
    def first_fault(self) -> str:
        """The first sentence that keeps it from being published; "" without one."""
        said = [flaw.text for flaw in self.flaws] + [text for _, text in self._unread.values()]
        return said[0] if said else ""

    @property
    def shown_number(self) -> int:
        """The number of what is shown."""
        return self.number if self.is_draft or self.shelf is None else self.shelf.live.version

    @property
    def unread_sections(self) -> list[str]:
        """The section of each field that can't be read."""
        return [section for section, _ in self._unread.values()]

    @property
    def has_unread(self) -> bool:
        """Whether a field holds what can't be read."""
        return bool(self._unread)

    def wrong_with(self, book: Rulebook, place: str) -> list[tuple[str, str]]:
        """What would be wrong with another rulebook at a place ("routes.2"), and what is wrong there only then.

        Of each where in that place, "" for elsewhere, and the sentence.
        """
        known = {flaw.text for flaw in self.flaws}
        found = []
        for flaw in flaws(book, self.reps):
            if flaw.at == place or flaw.at.startswith(f"{place}."):
                found.append((flaw.at[len(place) + 1 :], flaw.text))
            elif flaw.text not in known:
                found.append(("", flaw.text))
        return found

    def reload(self) -> None:
        """Ask the floor how things stand."""
        if self._asking:
            self._stale = True
            return
        self._asking, self._stale = True, False
        self._context.relay.ask(AllSources(), self._take_sources, self._failed)

    def follow(self, shown: bool) -> None:
        """While the screen is in front, notice what somebody else writes."""
        if shown:
            self._looking.start()
        else:
            self._looking.stop()

    @Slot()
    def _look(self) -> None:
        if self.shelf is not None and self._context.live and not (self._asking or self._saving):
            self._asking = True
            self._context.relay.ask(Rulebooks(), self._looked, self._failed)

    @Slot(object)
    def _looked(self, shelf: RulebookShelf) -> None:
        if shelf in (self.shelf, self._held) and not self._stale:
            self._asking = False
        else:
            self._take(shelf)

    @Slot(object)
    def _take_sources(self, found: SourceList) -> None:
        self.sources = tuple((line.source.id, line.source.name) for line in found.lines)
        self._context.relay.ask(Rulebooks(), self._take, self._failed)

    @Slot(object)
    def _take(self, shelf: RulebookShelf) -> None:
        self._asking = False
        if self._stale:
            self.reload()
        elif not (self._unsaved or self._saving):
            self._show(shelf)
        elif self._is_news(shelf):
            self._hold(shelf)
        elif self.shelf is not None and shelf.live.version != self.shelf.live.version:
            self.shelf = shelf
            self._judge()

    def _is_news(self, shelf: RulebookShelf) -> bool:
        """Whether the floor has a draft that neither was shown here nor comes from here."""
        known = self.shelf.draft_since if self.shelf else None
        return shelf.draft is not None and shelf.draft_since != known and shelf.draft != self._sent

    def _hold(self, shelf: RulebookShelf) -> None:
        self._held, self.other = shelf, shelf.draft_by or self.tr("Somebody")
        self._timer.stop()
        self.theirs.emit()
        self.changed.emit()

    def _show(self, shelf: RulebookShelf) -> None:
        before, was = self.book, self.shelf
        self.shelf, self.standing = shelf, Standing.THERE
        drafted = shelf.draft if shelf.draft is not None else shelf.live
        self.book = replace(drafted, version=shelf.live.version)
        if before is not None and self.book != before:
            self._before.clear()
            self._unread.clear()
            if was is not None and shelf.live == was.live:
                words = self.tr("{who} changed the draft.").format(who=shelf.draft_by)
                self.told.emit(words if shelf.draft is not None else self.tr("The draft is dropped."))
        self._judge()
        self.loaded.emit()

    @Slot(object)
    def _failed(self, error: AppError) -> None:
        self._asking = False
        if self.shelf is None:
            self.standing, self.trouble = Standing.TROUBLE, error.message
            self.loaded.emit()

    def _judge(self) -> None:
        if self.book is None or self.shelf is None:
            return
        reps = self.reps
        self.flaws = flaws(self.book, reps)
        self.changes = changes(self.shelf.live, self.book, reps)
        self.changed.emit()

    # changing it

    def edit(self, book: Rulebook, what: str = "") -> None:
        """Put another rulebook in the place of this one. Changes of the same `what` in a row are one to take back."""
        if self.book is None or book == self.book or not self.may_edit:
            return
        if not (what and self._before and self._before[-1][0] == what):
            self._before.append((what, self.book))
            del self._before[:-_MOST_UNDO]
        self._put(book)

    def _put(self, book: Rulebook) -> None:
        self.book, self._unsaved = book, True
        self._judge()
        if not self.other:
            self._timer.start()

    def cannot_read(self, key: str, section: str, sentence: str) -> None:
        """A field holds what can't be read; nothing is published until it is put right. "" when it is."""
        known = self._unread.get(key)
        if sentence:
            self._unread[key] = (section, sentence)
        else:
            self._unread.pop(key, None)
        if known != self._unread.get(key):
            self.changed.emit()

    def replace_by(self, book: Rulebook) -> None:
        """Make another rulebook the draft: an old version, one from a file."""
        if self.shelf is not None:
            self._unread.clear()
            self.edit(replace(book, version=self.shelf.live.version))

    def undo(self) -> None:
        """Take the last change back."""
        if self.can_undo:
            self._unread.clear()
            self._put(self._before.pop()[1])

    def save(self) -> None:
        """Have the floor keep what is shown; what is as the rulebook in force is no draft."""
        self._timer.stop()
        shelf, book = self.shelf, self.book
        if not self._unsaved or book is None or shelf is None or self.other:
            return
        self._unsaved, self._sent = False, book
        self._saving += 1
        drop = book == shelf.live and shelf.draft is None
        seen = shelf.draft_since or shelf.live_since
        command = DropDraft() if drop else SaveDraft(rulebook=book, seen=seen)
        self._context.relay.do(command, self._saved, self._refused)

    @Slot(object)
    def _saved(self, _receipt: object) -> None:
        self._saving -= 1
        self.reload()

    @Slot(object)
    def _refused(self, error: AppError) -> None:
        self._saving -= 1
        self._unsaved = True
        self.told.emit(f"{error.title}: {error.message}")
        self.reload()

    def take_theirs(self) -> None:
        """Show the draft that somebody else saved, and forget the changes made here."""
        held, self._held, self.other = self._held, None, ""
        self._unsaved = False
        self._before.clear()
        self._unread.clear()
        if held is not None:
            self._show(held)

    def keep_mine(self) -> None:
        """Have the draft be what is shown here, in the place of the other one."""
        held, self._held, self.other = self._held, None, ""
        if held is not None:
            self.shelf = held
        self._unsaved = True
        self.save()
        self._judge()

    def drop(self) -> None:
        """Give the draft up."""
        self._timer.stop()
        self._unsaved = False
        self._before.clear()
        self._unread.clear()
        self._saving += 1
        self._context.relay.do(DropDraft(), self._saved, self._refused)

    def publish(self) -> None:
        """Put it in force; the floor judges it once more."""
        if self.book is None or not self.can_publish:
            return
        self._timer.stop()
        self._unsaved = False
        self._saving += 1
        self._context.relay.do(PublishRulebook(rulebook=self.book), self._published, self._refused)

    @Slot(object)
    def _published(self, _receipt: object) -> None:
        self._before.clear()
        self.told.emit(self.tr("Rulebook {n} is in force.").format(n=self.number))
        self._saved(_receipt)
