"""The relay as a process of its own, killed with -9 again and again.

`python -m support.relay KILLS SEED`: children sequence, follow and send; each but the last is
killed after a random moment. Prints how many were, and how the last ended that found nothing left.
"""

import os
import random
import signal
import sys
import time

LEASE_SECONDS = 0.5


def work(forever: bool) -> None:
    """What the worker's threads do, in one thread."""
    from tongdian.service.casework.sequencer import sequence_all
    from tongdian.service.exchange.following import follow_all, install
    from tongdian.service.exchange.models import Delivery
    from tongdian.service.exchange.sender import Sender

    sender = Sender(slots=8, per_endpoint=8)
    install()
    while True:
        sequence_all()
        follow_all()
        sender.drain()
        if not forever and not Delivery.objects.filter(state="pending").exists():
            return
        time.sleep(0.01)


def main(kills: int, seed: int) -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    import tongdian.service.exchange.sender  # noqa: F401

    settings.EXCHANGE_LEASE_SECONDS = LEASE_SECONDS
    connections.close_all()
    chance = random.Random(seed)
    killed = 0
    for turn in range(kills + 1):
        child = os.fork()
        if child == 0:
            work(forever=turn < kills)
            os._exit(0)
        if turn < kills:
            time.sleep(chance.uniform(0.02, 0.16))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    print(killed, os.WEXITSTATUS(status))
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
