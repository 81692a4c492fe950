"""Blocking loops, one thread each."""
