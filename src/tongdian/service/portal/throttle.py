"""Guessing a code has to be hopeless: few attempts in ten minutes from one address."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

from tongdian.service.identity.address import client_address

WINDOW_SECONDS = 600
ATTEMPTS = 10


def too_many(request: HttpRequest, what: str) -> bool:
    """Count an attempt at `what`; whether there were more than ten within the window."""
    subject = f"{what}:{client_address(request)}"
    key = "portal:" + hashlib.sha256(subject.encode()).hexdigest()[:32]
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key) > ATTEMPTS
    except ValueError:
        cache.set(key, 1, WINDOW_SECONDS)
        return False
