"""Everything that is checked before Firstring is handed to anyone; `python3 tests` runs it all."""
