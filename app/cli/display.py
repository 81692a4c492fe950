"""Whether there is a display that a window could open on."""

from __future__ import annotations

import os
import sys

from app.domain.errors import Unavailable


def need_display() -> None:
    """One sentence instead of Qt's abort."""
    if os.environ.get("QT_QPA_PLATFORM") or sys.platform in ("win32", "darwin"):
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        raise Unavailable(
            "There is no display here. Start Firstring on a desktop, set DISPLAY (Xvfb will do), "
            "or use `shot`, `import` and `doctor`, which need none."
        )
