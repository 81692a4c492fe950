"""Firstring: the desktop that makes an inside-sales floor the first to call back."""

VERSION = "0.1.0"
