"""One way in: what came by it, where to send inquiries, and pieces to copy into a web site or a terminal."""

from __future__ import annotations

import json
from datetime import datetime
from html import escape
from secrets import token_urlsafe
from urllib.parse import urlencode

from PySide6.QtCore import QCoreApplication, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain import signing
from app.domain.lead import Source
from app.domain.questions import SourceLine
from app.ui.panes import CopyLines, Form, titled
from app.ui.parts import Banner, Button, Card, Chip, Figure, Sheet
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT
from app.ui.times import age
from app.ui.wording import channel_name

__all__ = ["CHANNELS", "SourcePage", "SourceSheet", "addresses", "curl_line", "html_form", "last_words"]

CHANNELS = ("form", "json", "google")
"""Those that post to this floor."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("sources", text)


def addresses(url: str, source: Source) -> dict[str, str]:
    """Where inquiries of this source are posted, and for a form the page that is ready made, by name."""
    found = {"post": f"{url}/capture/{source.channel}/{source.key}"}
    if source.channel == "form" and not signing.is_signed(source):
        found["page"] = f"{url}/form/{source.key}"
    return found


def html_form(post: str) -> str:
    """A form to be pasted into a web site; the field nobody sees catches robots."""
    return f"""<form action="{escape(post)}" method="post">
  <label>Your name <input name="name" autocomplete="name"></label>
  <label>Company <input name="company" autocomplete="organization"></label>
  <label>Phone <input name="phone" type="tel" autocomplete="tel"></label>
  <label>E-mail <input name="email" type="email" autocomplete="email"></label>
  <label>What is it about? <textarea name="message"></textarea></label>
  <p hidden><input name="hp_website" tabindex="-1" autocomplete="off"></p>
  <button>Call me back</button>
</form>"""


def curl_line(post: str, source: Source) -> str:
    """A line for a terminal that sends an invented inquiry."""
    person = {"name": "Dana Okafor", "phone": "+1 303 555 0148", "message": "Please call me about pricing"}
    if signing.is_signed(source):
        return _signed_line(
            post, source, urlencode(person) if source.channel == "form" else json.dumps(person)
        )
    if source.channel == "form":
        fields = (f"--data-urlencode '{key}={value}'" for key, value in person.items())
        return f"curl -i {post} {' '.join(fields)}"
    if source.channel == "json":
        body = json.dumps(person)
    else:
        columns = [("FULL_NAME", person["name"]), ("PHONE_NUMBER", person["phone"])]
        body = json.dumps(
            {
                "lead_id": "test-1",
                "google_key": source.secret,
                "is_test": True,
                "user_column_data": [{"column_id": key, "string_value": value} for key, value in columns],
            }
        )
    return f"curl -i {post} -H 'Content-Type: application/json' -d {_quoted(body)}"


def _signed_line(post: str, source: Source, body: str) -> str:
    """The same, signed on the spot."""
    kind = "application/x-www-form-urlencoded" if source.channel == "form" else "application/json"
    return (
        f"t=$(date +%s); b={_quoted(body)}; "
        f's=$(printf %s "$t.$b" | openssl dgst -sha256 -r -hmac {_quoted(source.secret or source.other_secret)}); '
        f"curl -i {post} -H 'Content-Type: {kind}' -H \"{signing.TIMESTAMP}: $t\" "
        f'-H "{signing.SIGNATURE}: v1=${{s%% *}}" -d "$b"'
    )


def _quoted(text: str) -> str:
    """One word of a shell."""
    quote = "'\\''"
    return f"'{text.replace(chr(39), quote)}'"


def last_words(line: SourceLine, now: datetime) -> str:
    """When the last inquiry came: "4 min ago", or "nothing yet"."""
    return age(line.last_at, now) if line.last_at else _tr("nothing yet")


class SourcePage(QWidget):
    """All about one way in."""

    change = Signal()
    switch = Signal()
    """On, or off."""
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        column.setSpacing(SPACE.snug)
        self.notice = Banner("warn", "", parent=self)
        self.notice.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column.addWidget(self.notice)
        card = Card(self)
        top = QHBoxLayout()
        top.setSpacing(SPACE.gap)
        self.title = PlainLabel("", size=TEXT.lead, weight=700)
        self.channel, self.state = Chip("", "grey", self), Chip("", "good", self)
        self.change_button = Button(self.tr("Change…"), "quiet", self, press=self.change.emit)
        self.switch_button = Button("", "quiet", self, press=self.switch.emit)
        top.addWidget(self.title)
        top.addWidget(self.channel)
        top.addWidget(self.state)
        top.addStretch(1)
        top.addWidget(self.change_button)
        top.addWidget(self.switch_button)
        card.inside.addLayout(top)
        counts = QHBoxLayout()
        counts.setSpacing(SPACE.page)
        self.figures = tuple(Figure(parent=self) for _ in range(4))
        for figure in self.figures:
            counts.addWidget(figure)
        counts.addStretch(1)
        card.inside.addLayout(counts)
        column.addWidget(card)
        self._ways = QVBoxLayout()
        self._ways.setSpacing(SPACE.snug)
        column.addLayout(self._ways)
        column.addStretch(1)
        self._made_for: tuple[str, Source] | None = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.figures[-1].setVisible(self.width() >= 480)  # the list says it too

    def show_source(self, line: SourceLine, url: str, now: datetime) -> None:
        """Show this one; `url` is where the floor takes inquiries, empty where it takes none."""
        source = line.source
        self.title.setText(source.name)
        self.channel.set(channel_name(source.channel))
        if source.active:
            self.state.set(self.tr("on"), "good")
            self.switch_button.set_words(self.tr("Switch off"))
        else:
            self.state.set(self.tr("off"), "grey")
            self.switch_button.set_words(self.tr("Switch on"))
        posts = source.channel in CHANNELS
        self.change_button.setVisible(posts)
        self.switch_button.setVisible(posts)
        last = last_words(line, now)
        words = (
            (self.tr("Inquiries"), f"{line.inquiries:,}"),
            (self.tr("Leads"), f"{line.leads:,}"),
            (self.tr("In review"), f"{line.review:,}"),
            (self.tr("Last"), last),
        )
        for figure, (label, value) in zip(self.figures, words, strict=True):
            figure.set(label, value)
        self._tell(source, url, posts)
        if self._made_for != (url, source):
            self._made_for = (url, source)
            self._make_ways(source, url if posts else "")

    def _tell(self, source: Source, url: str, posts: bool) -> None:
        self.notice.setVisible(posts and (not source.active or not url))
        if not source.active:
            self.notice.set_text(self.tr("It is switched off: whoever sends to it gets an error."))
        else:
            self.notice.set_text(self.tr("This desk takes no inquiries now, so there is no address to give."))

    def _make_ways(self, source: Source, url: str) -> None:
        while (old := self._ways.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not url:
            return
        found = addresses(url, source)
        if source.channel == "google":
            lines = self._card(self.tr("Set up in Google Ads"), self.tr("Lead form, other data integrations"))
            lines.add(self.tr("Webhook URL"), found["post"])
        else:
            is_signed = signing.is_signed(source)
            told = (
                self.tr("signed inquiries only") if is_signed else self.tr("the key is part of the address")
            )
            lines = self._card(self.tr("Where to send"), told)
            lines.add(self.tr("Post to"), found["post"])
            if "page" in found:
                page = found["page"]
                lines.add(self.tr("Ready page"), page, also=(self.tr("Open"), lambda: _open(page)))
        for word, secret in (
            (self.tr("Secret"), source.secret),
            (self.tr("Other secret"), source.other_secret),
        ):
            if secret:
                lines.add(word, secret)
        if "page" in found:
            snippet = self._card(self.tr("For your web site"), self.tr("plain HTML, no script"))
            snippet.add(self.tr("Form"), html_form(found["post"]), lines=10)
        trial = self._card(self.tr("Try it"), self.tr("sends an invented inquiry"))
        trial.add(self.tr("In a terminal"), curl_line(found["post"], source), lines=4)

    def _card(self, left: str, right: str) -> CopyLines:
        card = Card(self)
        titled(card, left, right)
        lines = CopyLines(card)
        lines.copied.connect(self.copied)
        card.inside.addWidget(lines)
        self._ways.addWidget(card)
        return lines


def _open(address: str) -> None:
    QDesktopServices.openUrl(QUrl(address))


class SourceSheet(Sheet):
    """Asks for a way in: its name, its channel when it is a new one, and the secrets that its senders know."""

    said = Signal(str, str, str, str)
    """Name, channel, secret, other secret."""

    def __init__(self, parent: QWidget, source: Source | None = None) -> None:
        title = QCoreApplication.translate("SourceSheet", "Change this way in" if source else "Add a way in")
        super().__init__(parent, title, "", width=440)
        form = Form(self)
        told = self.tr("As it will stand at the lead: “Web site”, “Spring fair”.")
        self.name = form.line(self.tr("Name"), told)
        self.channel = QComboBox(self)
        for channel in CHANNELS:
            self.channel.addItem(channel_name(channel), channel)
        form.add(self.tr("Channel"), self.channel)
        self.secret = form.line(
            self.tr("Secret"),
            self.tr(
                "Google Ads: the key you enter there. Others: with one, only inquiries signed with it are taken; "
                "leave it empty for an open form."
            ),
        )
        self.other_secret = form.line(
            self.tr("Other secret"),
            self.tr(
                "As good as the first. To change a secret: the new one above, the old one here, "
                "until every sender has the new one."
            ),
        )
        self.body.addWidget(form)
        self.make_button = self.add_button(self.tr("Make a secret"), "quiet", self._make)
        self.add_button(self.tr("Cancel"), "quiet", self.reject)
        word = self.tr("Save") if source else self.tr("Add")
        self._ok = self.add_button(word, "primary", self._say, default=True)
        if source is not None:
            self.name.setText(source.name)
            self.channel.setCurrentIndex(max(self.channel.findData(source.channel), 0))
            self.secret.setText(source.secret)
            self.other_secret.setText(source.other_secret)
        self.channel.setEnabled(source is None)
        self.name.textChanged.connect(self._settle)
        self._settle()
        self.name.setFocus()

    def _settle(self) -> None:
        self._ok.setEnabled(bool(self.name.text().strip()))

    def _make(self) -> None:
        """A new secret; the one that stood there stays good beside it."""
        if self.secret.text():
            self.other_secret.setText(self.secret.text())
        self.secret.setText(token_urlsafe(32))

    def _say(self) -> None:
        name, channel = self.name.text().strip(), str(self.channel.currentData())
        self.said.emit(name, channel, self.secret.text().strip(), self.other_secret.text().strip())
        self.accept()
