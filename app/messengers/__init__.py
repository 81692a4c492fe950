"""Shelf: one outgoing messenger, one file. A messenger hands a message to another program and says how that went.

Each module has `account_of(address)` and `send(message, account, password)`, which returns once the other side
has taken the message over, and raises `NotSent` if it has not, or nobody knows.
"""
