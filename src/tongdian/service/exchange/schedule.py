"""When to try again: the schedule that Standard Webhooks publishes, with jitter."""

import random
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

# Between one attempt and the next; the first is made at once.
DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
ATTEMPTS = len(DELAYS) + 1
JITTER = 0.1
LONGEST_WAIT = timedelta(hours=24)


def next_attempt(now: datetime, attempts: int, asked: timedelta | None = None) -> datetime | None:
    """After `attempts` failures: when to try again, or None to give up. A receiver may ask for more
    time (Retry-After), up to a day, but not for less."""
    if attempts >= ATTEMPTS:
        return None
    delay = DELAYS[attempts - 1] * random.uniform(1.0, 1.0 + JITTER)
    return now + max(delay, min(asked or timedelta(), LONGEST_WAIT))


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for, in seconds or as a date; None when it says nothing."""
    if not header:
        return None
    if header.isascii() and header.strip().isdecimal():
        return timedelta(seconds=min(int(header.strip()[:9]), 10**8))
    try:
        wanted = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(wanted - now, timedelta()) if wanted.tzinfo else None
