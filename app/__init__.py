"""Firstring: the desktop that makes an inside-sales floor the first to call back."""
