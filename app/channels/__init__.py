"""Shelf: one capture channel, one file. A channel turns what came in into a draft of a lead."""
