"""What a server keeps in memory: of its lines, and of its program.

For each line of TLS the quick loop asks for 256 KB, of which it touches a page or two. As long as such a block is one
of its own from the system, the rest of it costs nothing. glibc stops doing that once it has seen large blocks come
and go, and takes them from its heaps, where they lie on memory that was used before: 23 KB more for every line.

Python looks for garbage among all that it has, again and again, and nobody is answered meanwhile: 50 ms and more for
the program itself and its libraries, which stay to the end.
"""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

_MMAP_THRESHOLD = -3
_OWN_FROM = 128 * 1024
"""Bytes from which a block is one of its own; glibc begins with the same."""


def keep_large_blocks_apart() -> None:
    """Hold glibc to the bound it begins with; elsewhere nothing."""
    with suppress(OSError, AttributeError, TypeError):  # another system's C library, or none by that name
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _OWN_FROM)


def keep_what_stands() -> None:
    """Everything is in place: clear up once, and never look at what is left again."""
    gc.collect()
    gc.freeze()
