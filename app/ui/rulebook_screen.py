"""The rulebook on the screen: read, changed, tried on last week's leads, and put in force.

Left the sections, in the middle the cards of the chosen one, at the right how the draft would have done. Whatever is
changed becomes part of the floor's one draft at once; nothing decides about a lead before it is published.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from app.domain.commands import DropDraft, PublishRulebook, SaveDraft
from app.domain.events import RulebookPublished
from app.domain.questions import DryRun
from app.floor.board import Changes
from app.ui.actions import Action
from app.ui.context import Context
from app.ui.panes import Pane, Trouble
from app.ui.parts import Banner, Button, Scroller, Skeleton
from app.ui.plain import ask, tip
from app.ui.rights import guard
from app.ui.rulebook_draft import RulebookDraft, Standing
from app.ui.rulebook_pages import Page
from app.ui.rulebook_sections import SECTIONS, SectionList, section_name
from app.ui.rulebook_sheets import ChangesSheet, PublishSheet
from app.ui.rulebook_shelf import Shelf
from app.ui.rulebook_trial import Trial
from app.ui.theme import SPACE
from app.ui.times import day_and_time

__all__ = ["RulebookScreen"]

LEFT, NARROW_LEFT = 210, 192
RIGHT, NARROW_RIGHT = 392, 320
WIDE, NARROW = 1280, 1020
"""Below the first the panes are narrower; below the second the trial stands under the cards."""


class RulebookScreen(QWidget):
    """The screen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.draft = RulebookDraft(context, self)
        self.shelf = Shelf(context, self.draft, self)
        self._pages: dict[str, Page] = {}
        self._scrollers: dict[str, Scroller] = {}
        self._lay_out()
        self._tools()
        self._actions()
        self._refresh()
        self.draft.changed.connect(self._refresh)
        self.draft.loaded.connect(self._loaded)
        self.draft.theirs.connect(self._tell_theirs)
        self.draft.told.connect(context.shell.notice)
        context.board_changed.connect(self._changed)
        context.link_changed.connect(self._refresh)

    def _lay_out(self) -> None:
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._left = Pane("right", self, pad=SPACE.gap + 2)
        self._left.inside.setContentsMargins(SPACE.gap + 2, SPACE.pad - 2, SPACE.gap + 2, SPACE.gap)
        self.sections = SectionList(self._left)
        self.sections.chosen.connect(self.show_section)
        self._left.inside.addWidget(self.sections, 1)
        whole.addWidget(self._left)
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._across.setSpacing(0)
        whole.addLayout(self._across, 1)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.other = Banner("warn", "", self.tr("Show theirs"), self.draft.take_theirs, parent=middle)
        self.mine = Button(self.tr("Keep mine"), "quiet", middle, press=self.draft.keep_mine)
        both = QHBoxLayout()
        both.setContentsMargins(SPACE.page, SPACE.snug, SPACE.page, 0)
        both.setSpacing(SPACE.gap)
        both.addWidget(self.other, 1)
        both.addWidget(self.mine)
        self._both = QWidget(middle)
        self._both.setLayout(both)
        self._both.hide()
        column.addWidget(self._both)
        place = QWidget(middle)
        self._stack = QStackedLayout(place)
        column.addWidget(place, 1)
        loading = QWidget(place)
        waiting = QVBoxLayout(loading)
        waiting.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        waiting.addWidget(Skeleton(8, loading, name=self.tr("Loading")))
        waiting.addStretch(1)
        self._loading = loading
        self.trouble = Trouble(self.draft.reload)
        self._stack.addWidget(loading)
        self._stack.addWidget(self.trouble)
        self._across.addWidget(middle, 1)
        self.trial = Trial(self._context, self.draft, self)
        self.pane = self.trial.pane
        self._across.addWidget(self.pane)

    def _tools(self) -> None:
        context = self._context
        self.tools = QWidget(self)
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.gap)
        self.changes_button = Button("", "quiet", self.tools, press=self.show_changes)
        self.try_button = Button(self.tr("Try on last week"), "quiet", self.tools, press=self.trial.run)
        self.publish_button = Button(self.tr("Publish…"), "primary", self.tools, press=self.publish)
        self.more_button = Button("⋮", "quiet", self.tools, press=self._more, name=self.tr("More"))
        for button in (self.changes_button, self.try_button, self.publish_button, self.more_button):
            row.addWidget(button)
        guard(context, self.try_button, DryRun)
        self.trial.running.connect(lambda runs: self.try_button.setEnabled(not runs))
        self.tools.hide()
        context.shell.screen_shown.connect(self._put_tools)

    def _actions(self) -> None:
        group = self.tr("Rulebook")

        def action(
            name: str, title: str, run: object, key: str, says: object = None, **more: object
        ) -> Action:
            return Action(
                id=f"rulebook.{name}", title=title, run=run, keys=(key,) if key else (),  # type: ignore[arg-type]
                group=group, where="rulebook", says=says, **more,  # type: ignore[arg-type]
            )  # fmt: skip

        tr, shelf = self.tr, self.shelf
        found = [
            action("add", tr("Add to this section"), self.add, "A", SaveDraft, hint=tr("add")),
            action("undo", tr("Take the last change back"), self.draft.undo, "Ctrl+Z", SaveDraft,
                   enabled=lambda: self.draft.can_undo, hint=tr("undo")),
            action("changes", tr("What changed"), self.show_changes, "C", hint=tr("what changed")),
            action("try", tr("Try the draft on last week"), self.trial.run, "T", DryRun, hint=tr("try it")),
            action("publish", tr("Publish the draft"), self.publish, "P", PublishRulebook,
                   enabled=lambda: self.draft.can_publish, hint=tr("publish")),
            action("history", tr("Every rulebook there was"), shelf.show_history, "H"),
            action("export", tr("Export the rulebook as a file"), shelf.export, "E"),
            action("import", tr("Import a rulebook from a file"), shelf.import_, "I", SaveDraft),
            action("drop", tr("Drop the draft"), self.drop, "", DropDraft, enabled=lambda: self.draft.is_draft),
        ]  # fmt: skip
        for section in SECTIONS:
            title = tr("Rulebook: {section}").format(section=section_name(section))
            found.append(action(f"section.{section}", title, lambda s=section: self.sections.choose(s), ""))
        self._context.actions.while_shown(self, found)

    @Slot(str)
    def _put_tools(self, screen: str) -> None:
        if screen == "rulebook":
            self._context.shell.set_tools(self.tools)
            self._tell_head()

    # what there is

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.sections.setFocus(Qt.FocusReason.OtherFocusReason)
        self.draft.reload()
        self.draft.follow(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.draft.follow(False)
        self.draft.save()

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide, narrow = self.width() >= WIDE, self.width() < NARROW
        self._left.setFixedWidth(LEFT if wide else NARROW_LEFT)
        direction = QBoxLayout.Direction
        self._across.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        if narrow:
            self.pane.setMinimumWidth(0)
            self.pane.setMaximumWidth(16_000)
            self.pane.setFixedHeight(self.height() * 2 // 5)
        else:
            self.pane.setMaximumHeight(16_000)
            self.pane.setMinimumHeight(0)
            self.pane.setFixedWidth(RIGHT if wide else NARROW_RIGHT)

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and (
            changes.snapshot
            or changes.reps
            or any(isinstance(entry.event, RulebookPublished) for entry in changes.entries)
        ):
            self.draft.reload()

    @Slot()
    def _loaded(self) -> None:
        if self.draft.standing is Standing.TROUBLE:
            self.trouble.tell(self.draft.trouble)
            self._stack.setCurrentWidget(self.trouble)
            self._refresh()
        elif self._stack.currentWidget() in (self._loading, self.trouble):
            self.show_section(self.sections.section)

    @Slot(str)
    def show_section(self, section: str) -> None:
        """Bring the cards of a section to the middle, building them if need be."""
        if self.draft.book is None:
            return
        if section not in self._pages:
            page = self._pages[section] = Page(section, self.draft, self._context, self)
            self._scrollers[section] = Scroller(page, self)
            self._stack.addWidget(self._scrollers[section])
        self._pages[section].refresh()
        self._stack.setCurrentWidget(self._scrollers[section])

    @property
    def page(self) -> Page | None:
        """The section in front."""
        return self._pages.get(self.sections.section)

    @Slot()
    def _refresh(self) -> None:
        page = self.page
        if page is not None:
            page.refresh()
        to_fix = Counter(flaw.section for flaw in self.draft.flaws)
        to_fix.update(self.draft.unread_sections)
        changed = Counter(change.section for change in self.draft.changes)
        self.sections.set_marks(dict(to_fix), dict(changed))
        self._both.setVisible(bool(self.draft.other))
        count = len(self.draft.changes)
        self.changes_button.set_words(
            self.tr("What changed · {n}").format(n=count) if count else self.tr("What changed")
        )
        self.changes_button.setEnabled(bool(count))
        why = self._why_not_published()
        self.publish_button.setEnabled(not why)
        tip(self.publish_button, why)
        self._tell_head()

    def _why_not_published(self) -> str:
        why = self._context.why_not(PublishRulebook)
        if why:
            return why
        if self.draft.book is None:
            return self.tr("The rulebook is not there yet.")
        if self.draft.other:
            return self.tr("First say which draft holds.")
        if not self.draft.is_draft:
            return self.tr("Nothing differs from the rulebook in force.")
        return self.draft.first_fault

    def _tell_head(self) -> None:
        shell, shelf = self._context.shell, self.draft.shelf
        if shell.shown != "rulebook" or shelf is None:
            return
        since = day_and_time(shelf.live_since, self._context.now())
        words = self.tr("live is {n}, since {when}").format(n=shelf.live.version, when=since)
        if shelf.live_by:
            words = self.tr("live is {n}, since {when} by {who}").format(
                n=shelf.live.version, when=since, who=shelf.live_by
            )
        if self.draft.is_draft:
            shell.set_header([(self.tr("draft {n}").format(n=self.draft.number), "grey")], note=words)
        else:
            shell.set_header([(self.tr("live"), "good")], note=words)
        self.tools.adjustSize()
        shell.header.set_tools(self.tools)

    @Slot()
    def _tell_theirs(self) -> None:
        words = self.tr("{who} saved another draft while you wrote. Yours is not kept until you choose.")
        self.other.set_text(words.format(who=self.draft.other))

    # what is done

    def add(self) -> None:
        """One more of what the section is about."""
        if self.page is not None and self.draft.may_edit:
            self.page.add()

    def show_changes(self) -> None:
        """Say what differs from the rulebook in force."""
        if self.draft.changes:
            title = self.tr("What changes with rulebook {n}").format(n=self.draft.number)
            ChangesSheet(self.window(), title, self.draft.changes).open()

    def publish(self) -> None:
        """Ask once, then put the draft in force."""
        book = self.draft.book
        if book is None or self._why_not_published():
            return
        sheet = PublishSheet(self.window(), self.draft.number, book.name, self.draft.changes)
        sheet.said.connect(self._publish)
        sheet.open()

    @Slot(str)
    def _publish(self, name: str) -> None:
        if self.draft.book is not None:
            self.draft.edit(replace(self.draft.book, name=name), "name")
            self.draft.publish()

    def drop(self) -> None:
        """Ask once, then give the draft up."""

        def then(yes: bool) -> None:
            if yes:
                self.draft.drop()

        title = self.tr("Drop draft {n}?").format(n=self.draft.number)
        text = self.tr("Its {n} changes are gone. The rulebook in force stays as it is.")
        words = text.format(n=len(self.draft.changes))
        ask(self.window(), title, words, self.tr("Drop it"), self.tr("Cancel"), then)

    def _more(self) -> None:
        ids = (
            "rulebook.undo",
            "",
            "rulebook.history",
            "rulebook.export",
            "rulebook.import",
            "",
            "rulebook.drop",
        )
        menu: QMenu = self._context.actions.menu(self, ids)
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))
