"""A real browser without a window, asked over its own protocol; for pages that live by their script."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.floor.stand import PATIENCE

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """One page."""

    def __init__(self, address: str) -> None:
        self._socket = connect(address, max_size=None)
        self._numbers = count(1)

    def say(self, method: str, **said: object) -> dict[str, Any]:
        """What the browser answers to a command of its protocol."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": said}))
        while True:
            answer = json.loads(self._socket.recv(PATIENCE))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def value(self, script: str) -> Any:
        return self.say("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def until(self, script: str) -> Any:
        """Wait until a script is true of the page; its value."""
        found = _until(lambda: self.value(script))
        assert found, f"{script} is not so: {self.value('document.body.innerText')}"
        return found

    def open(self, url: str) -> None:
        self.say("Page.navigate", url=url)

    def picture(self, out: Path) -> None:
        out.write_bytes(base64.b64decode(self.say("Page.captureScreenshot")["data"]))

    def close(self) -> None:
        self._socket.close()


def _until(holds: Callable[[], Any]) -> Any:
    """Its value once it is true, or what it is when patience is over."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        if found := holds():
            return found
        pause.wait(0.05)
    return holds()


@contextmanager
def browser(folder: Path, size: str = "1920,1080") -> Iterator[Browser]:
    """A browser with its data in `folder`."""
    assert PROGRAM is not None
    words = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"]
    place = [f"--window-size={size}", f"--user-data-dir={folder}", "--remote-debugging-port=0", "about:blank"]
    process = subprocess.Popen(
        [PROGRAM, *words, *place], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        told = folder / "DevToolsActivePort"
        assert _until(lambda: told.exists() and told.read_text()), "the browser did not start"
        port = int(told.read_text().split()[0])
        asking = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            asking.request("GET", "/json/list")
            pages = json.loads(asking.getresponse().read())
        finally:
            asking.close()
        page = Browser(next(one["webSocketDebuggerUrl"] for one in pages if one["type"] == "page"))
        try:
            yield page
        finally:
            page.close()
    finally:
        process.terminate()
        process.wait(PATIENCE)
