"""SHELF: one screen, one file.

A module says `KEY` (stable, for the settings and for `shot`), `TITLE`, `ICON` (a file of resources/icons),
`ORDER` (lower stands higher in the rail) and `build(context) -> QWidget`, which is called when the screen is
first shown. The rail, the palette and the keys take it from there. `FOR`, where there is one, is the command or
question that a person must be allowed: whose role may not, is not offered the screen.
"""
