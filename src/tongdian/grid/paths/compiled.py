"""Loops over flat arrays, compiled with Numba and kept on disk for every later process.

Numba compiles anew when the file of a function has changed, and does not look at the files of what
it calls. So a compiled function calls only those of its own file; a test sees to it.
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
