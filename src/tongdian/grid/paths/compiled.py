"""Loops over flat arrays, compiled with Numba and kept on disk for every later process.

Numba looks at the time of the file a function stands in, not at what that function calls: after a
change to `buckets.py` touch the files that use it, or empty `__pycache__`.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def compiled(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The function, compiled at its first call; it lets other threads run meanwhile."""
    try:
        fast: Callable[Given, Answer] = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder may be written to: compiled anew in each process
        fast = numba.njit(nogil=True)(function)
    return fast


def inlined(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The function, made part of every compiled function that calls it: a call with arrays costs
    more than what the small ones do."""
    fast: Callable[Given, Answer] = numba.njit(inline="always", nogil=True)(function)
    return fast
