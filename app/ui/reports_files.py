"""A report into a file: paper and pictures are painted here, files for spreadsheets made by `workers/report_files`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from app.domain.errors import AppError
from app.domain.report import Report
from app.domain.report_periods import days_words
from app.ui.parts import paint_ground, paint_text
from app.ui.plain import one_line
from app.ui.reports_paper import Piece, flow, paint_pieces, pieces_of, table_pieces
from app.ui.theme import LIGHT, SPACE, TEXT
from app.workers import report_files

__all__ = ["as_pdf", "pdf_without_window", "write_report", "write_table"]

FINE = 3
"""Dots of paper to a pixel of our measures: 288 to an inch."""
PAGE = QSize(794, 1123)
"""A4 in pixels of 96 to an inch."""
MARGIN = 44
FOOT = 30
PICTURE_WIDTH = 900
SHARP = 2


def write_report(report: Report, way: str, path: Path) -> None:
    """The whole report, as "pdf", "xlsx", "csv" or "json"; raises AppError where it can't be written."""
    if way == "xlsx":
        report_files.put(path, lambda file: report_files.write_xlsx(report, file))
        return
    if way == "pdf":
        content = as_pdf(report)
    elif way == "csv":
        content = b"\xef\xbb\xbf" + report_files.as_csv(report).encode()
    else:
        content = report_files.as_json(report).encode()
    report_files.put(path, lambda file: file.write(content))


def write_table(report: Report, key: str, way: str, path: Path) -> None:
    """One table, as "csv", or drawn as "png" or "svg"; raises AppError where it can't be written."""
    table = report.table(key)
    if way == "csv":
        content = b"\xef\xbb\xbf" + report_files.table_csv(report, table).encode()
    else:
        pieces = [*table_pieces(table, PICTURE_WIDTH - 2 * SPACE.page)]
        content = _png(pieces) if way == "png" else _svg(pieces, table.title)
    report_files.put(path, lambda file: file.write(content))


def as_pdf(report: Report) -> bytes:
    """The report on A4 pages."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point)
    writer.setResolution(96 * FINE)
    writer.setTitle(one_line(report.title, 120))
    writer.setCreator("Firstring")
    width = PAGE.width() - 2 * MARGIN
    pages = flow(pieces_of(report, width), PAGE.height() - 2 * MARGIN - FOOT)
    painter = QPainter()
    if not painter.begin(writer):
        raise AppError("Not exported", "The PDF could not be begun.")
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(FINE, FINE)
        for number, page in enumerate(pages, 1):
            if number > 1:
                writer.newPage()
            painter.save()
            painter.translate(MARGIN, MARGIN)
            paint_pieces(painter, page)
            painter.restore()
            _foot(painter, report, number, len(pages))
    finally:
        painter.end()
    return bytes(buffer.data().data())


def pdf_without_window(report: Report) -> bytes:
    """The same in a program that has no window; Qt is begun for it."""
    app = QGuiApplication.instance() or QGuiApplication(["firstring"])
    assert app is not None
    return as_pdf(report)


def _foot(painter: QPainter, report: Report, number: int, of: int) -> None:
    days = days_words(report.asked.since, report.asked.until, report.zone)
    line = QRect(MARGIN, PAGE.height() - MARGIN - 12, PAGE.width() - 2 * MARGIN, 16)
    paint_ground(painter, QRect(line.x(), line.y() - 8, line.width(), 1), LIGHT.field_line)
    left = QRect(line.x(), line.y(), line.width() - 120, line.height())
    words = f"{report.title} · {days} · made {report.made_at:%Y-%m-%d %H:%M} UTC · event {report.head:,}"
    paint_text(painter, left, words, LIGHT.ink_soft, TEXT.caption)
    paint_text(
        painter,
        line,
        f"page {number} of {of}",
        LIGHT.ink_soft,
        TEXT.caption,
        400,
        Qt.AlignmentFlag.AlignRight,
    )


def _placed(pieces: Sequence[Piece]) -> tuple[list[tuple[int, Piece]], QSize]:
    (placed,) = flow(pieces, 1_000_000)
    tall = sum(piece.height for piece in pieces)
    return placed, QSize(PICTURE_WIDTH, tall + 2 * SPACE.pad)


def _png(pieces: Sequence[Piece]) -> bytes:
    placed, size = _placed(pieces)
    picture = QImage(size * SHARP, QImage.Format.Format_RGB32)
    picture.fill(LIGHT.card)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SHARP, SHARP)
    painter.translate(SPACE.page, SPACE.pad)
    paint_pieces(painter, placed)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # the binding takes a str here, whatever its stub says
    return bytes(buffer.data().data())


def _svg(pieces: Sequence[Piece], title: str) -> bytes:
    from PySide6.QtSvg import QSvgGenerator

    placed, size = _placed(pieces)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setResolution(96)
    generator.setTitle(one_line(title, 120))
    painter = QPainter(generator)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_ground(painter, QRect(0, 0, size.width(), size.height()), LIGHT.card)
    painter.translate(SPACE.page, SPACE.pad)
    paint_pieces(painter, placed)
    painter.end()
    return bytes(buffer.data().data())
