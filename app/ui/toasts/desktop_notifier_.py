"""Bubbles with buttons on Windows and macOS, by the library desktop-notifier.

That library is made for asyncio, and its answers come only while its loop runs; so it gets a loop of its own
on a thread of its own, which takes jobs from the GUI thread and knows nothing else. Nothing waits for it: a
library that can't be loaded, or a bubble that was not sent, is a failure the bridge hears of. It would work
on Linux too, where the tests drive it, but there `freedesktop` does better.
"""

from __future__ import annotations

import importlib.util
import logging
import threading
from functools import partial
from typing import TYPE_CHECKING

from app.ui.toasts._toast import CALM, CRITICAL, NORMAL, Backend, CannotToast, Site, Toast

if TYPE_CHECKING:
    import asyncio

    from desktop_notifier import DesktopNotifier

NAME = "desktop-notifier"
ORDER = 20
SYSTEMS: tuple[str, ...] = ("win32", "darwin")

SUMMARY_ID = "firstring-more"
"""Stands for the summing bubble's empty id, which the systems don't take."""

log = logging.getLogger(__name__)


def build(site: Site) -> Backend:
    return DesktopNotifierToasts(site)


class DesktopNotifierToasts:
    """Hands toasts to the loop, and the loop's news to the bridge."""

    def __init__(self, site: Site) -> None:
        if importlib.util.find_spec("desktop_notifier") is None:
            raise CannotToast("the library desktop-notifier is not installed")
        import asyncio  # here, since Linux never needs it

        self._site = site
        self._up: set[str] = set()
        """Lead ids with a bubble; the loop's."""
        self._sent = False
        self._closing = False
        self._jobs: asyncio.Queue[Toast | str | None] = asyncio.Queue()
        """A toast to show, a lead id to take away, None to end."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="toasts-desktop-notifier", daemon=True)
        self._thread.start()

    def show(self, toast: Toast) -> None:
        self._put(toast)

    def withdraw(self, lead_id: str) -> None:
        self._put(lead_id)

    def close(self) -> None:
        self._closing = True
        self._put(None)
        self._thread.join(2)

    def _put(self, job: Toast | str | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._jobs.put_nowait, job)
        except RuntimeError:  # the loop has ended; the bridge has been told
            log.debug("notifications: desktop-notifier has ended")

    # -- on the thread

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._work())
        except Exception as error:  # the systems' bridges throw kinds of their own
            log.info("notifications: desktop-notifier", exc_info=True)
            if not self._closing:
                self._site.failed(f"desktop-notifier: {error}")
        finally:
            self._loop.close()

    async def _work(self) -> None:
        from desktop_notifier import Capability, DesktopNotifier

        notifier = DesktopNotifier(app_name="Firstring", app_icon=None)
        if Capability.BUTTONS not in await notifier.get_capabilities():
            raise CannotToast("this system shows it no buttons")
        while (job := await self._jobs.get()) is not None:
            if isinstance(job, Toast):
                await self._send(notifier, job)
            else:
                await self._clear(notifier, job)
        for lead_id in list(self._up):
            await self._clear(notifier, lead_id)

    async def _send(self, notifier: DesktopNotifier, toast: Toast) -> None:
        from desktop_notifier import DEFAULT_SOUND, Button, Notification, Urgency

        urgencies = {CALM: Urgency.Low, NORMAL: Urgency.Normal, CRITICAL: Urgency.Critical}
        await self._clear(notifier, toast.lead_id)
        self._sent = False
        lead_id = toast.lead_id
        await notifier.send_notification(
            Notification(
                title=toast.headline,
                message=toast.body,
                urgency=urgencies[toast.urgency],
                buttons=tuple(
                    Button(title=label, identifier=key, on_pressed=partial(self._pressed, lead_id, key))
                    for key, label in toast.actions
                ),
                on_dispatched=self._dispatched,
                on_clicked=partial(self._pressed, lead_id, "open"),
                on_dismissed=partial(self._dismissed, lead_id),
                sound=DEFAULT_SOUND if toast.sound else None,
                identifier=lead_id or SUMMARY_ID,
            )
        )
        if not self._sent:
            raise RuntimeError("a bubble was not sent")
        self._up.add(lead_id)

    async def _clear(self, notifier: DesktopNotifier, lead_id: str) -> None:
        if lead_id in self._up:
            self._up.discard(lead_id)
            await notifier.clear(lead_id or SUMMARY_ID)

    def _dispatched(self) -> None:
        self._sent = True

    def _pressed(self, lead_id: str, key: str) -> None:
        self._up.discard(lead_id)
        self._site.pressed(lead_id, key)

    def _dismissed(self, lead_id: str) -> None:
        self._up.discard(lead_id)
        self._site.closed(lead_id)
