"""
A process that tells users things and reads for them: `python -m tests.notifier SEED ROUNDS USERS`.

It says "ready" and begins when it is given a line. Each round names the users in an order of its own.
"""

from __future__ import annotations

import random
import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402

from proposals.models import User  # noqa: E402
from realtime import notifications  # noqa: E402
from realtime.notifications import Message  # noqa: E402

MESSAGE = Message("completion", "Terminé", "Le mémoire est prêt.", url="/projects/x/")


def main(seed: int, rounds: int, number: int) -> None:
    chance = random.Random(seed)
    users = list(User.objects.order_by("username").values_list("pk", flat=True)[:number])
    print("ready", flush=True)
    sys.stdin.readline()
    for turn in range(rounds):
        chance.shuffle(users)
        notifications.notify(users, MESSAGE, now=timezone.now())
        if turn % 2:
            notifications.mark_read(users[0], "all")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
