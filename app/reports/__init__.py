"""SHELF: one report, one file: `NAME`, `TITLE`, `BY` (what it can be put together by) and `make(facts, asked)`."""
