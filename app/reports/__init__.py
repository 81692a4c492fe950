"""SHELF of reports: one report, one file.

A file has NAME (its word on the command line), TITLE, BY (what it can be put together by), may have ORDER, and has
`run(facts, asked) -> Report`. It is found by its folder. Modules whose name begins with "_" are shared by the others.
Definitions of what is counted stand in `domain/milestones.py`; the arithmetic in `domain/measure.py`.
"""
