"""Floors on a shared PostgreSQL: made, moved, upgraded, joined; who may what; what happens when it goes away."""
