"""
The rights that open sockets rest on, and which of them still stand. Synchronous.

Source: docs/architecture.md, "Security and tenancy".
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from realtime import tokens
from realtime.access import Doorkeeper, Watcher
from realtime.tokens import Holder

#: Rights looked up at once. Their ids are parameters of a query: PostgreSQL takes 65,535 of them, SQLite 32,766.
BATCH = 10_000


class Guarded(NamedTuple):
    """What a socket's right to be here rests on."""

    doorkeeper: Doorkeeper
    watcher: Watcher
    holder: Holder


def filter_standing(rights: Collection[Guarded]) -> set[Guarded]:
    """
    Return the rights that still stand.

    For each `BATCH` one query for the users, one for their sign-in sessions, and one for each doorkeeper.
    """
    standing: set[Guarded] = set()
    everything = list(rights)
    for start in range(0, len(everything), BATCH):
        standing |= _filter_batch(everything[start : start + BATCH])
    return standing


def _filter_batch(rights: Collection[Guarded]) -> set[Guarded]:
    holders = tokens.filter_holders({right.holder for right in rights})
    held = {right for right in rights if right.holder in holders}
    watchers = {
        doorkeeper: doorkeeper.filter_watchers({right.watcher for right in held if right.doorkeeper is doorkeeper})
        for doorkeeper in {right.doorkeeper for right in held}
    }
    return {right for right in held if right.watcher in watchers[right.doorkeeper]}
