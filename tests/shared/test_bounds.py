"""A person with their own login and a terminal: what the database itself refuses them, whatever they type."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from psycopg import errors, sql

from app.domain.commands import AddNote
from app.domain.events import NoteAdded
from app.domain.lead import Role
from app.domain.roles_of_logins import nothing
