"""The only home of Qt: the look, the shell, the screens, the models and the toasts."""

from __future__ import annotations


def _read_no_sources() -> None:
    """Keep PySide from reading the source text of whatever is imported from now on.

    For each module it looks whether the word "PySide6" stands in its text, in case somebody asks for another spelling
    of Qt's names (`from __feature__ import …`). Nobody does here; it took 10 MB of reading at a start and kept 20 MB.
    """
    import PySide6.QtCore  # noqa: F401 - brings the module below

    try:
        from shibokensupport import feature
    except ImportError:
        return
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda _module: False


_read_no_sources()
