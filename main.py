"""Starts Firstring: `python3 main.py`. On a fresh machine it first installs what it needs."""

import sys

from app.bootstrap import ready

if __name__ == "__main__":
    ready()
    from app.boot import main

    raise SystemExit(main(sys.argv[1:]))
