"""Lists and loads the modules of a shelf: a package in which every module is one plug.

A new channel, report, messenger, toast or screen is one file dropped into its folder; nothing else names it.
Packaging asks the same function for the modules a frozen program must carry, so that the two can't differ.
Modules whose name begins with an underscore are not plugs.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def names(package: str) -> tuple[str, ...]:
    """Full dotted names of the modules in `package` (itself a dotted name), sorted."""
    shelf = importlib.import_module(package)
    found = (module.name for module in pkgutil.iter_modules(shelf.__path__))
    return tuple(sorted(f"{package}.{name}" for name in found if not name.startswith("_")))


def load(package: str) -> list[ModuleType]:
    """The modules of `package`, by their own number `ORDER` (0 where they have none), then by name."""
    modules = [importlib.import_module(name) for name in names(package)]
    return sorted(modules, key=lambda module: (getattr(module, "ORDER", 0), module.__name__))
