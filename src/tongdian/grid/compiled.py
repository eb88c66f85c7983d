"""Loops over arrays, compiled when they are first worth it.

Numba takes a second to import and some seconds to compile; what is compiled is kept beside the
source, or in the user's cache folder, for every later process. A network of a few hundred nodes is
solved sooner by the interpreter than the compiler is loaded, so a kernel is plain Python until
then. Both do the same operations on the same doubles in the same order.
"""

import sys
from collections.abc import Callable
from typing import Any, Final

# Below this many steps of a loop (nodes times rounds) the interpreter is quicker than loading
# Numba: about 1 µs a step against 1 s.
INTERPRETED_STEPS: Final = 20_000


class Kernel:
    """A function of arrays and numbers that calls no other of our functions."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.__doc__ = function.__doc__
        self._compiled: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any, steps: int | None = None) -> Any:
        """The function's result. `steps` is about how often its loop turns, when that is known."""
        if self._compiled is None:
            if steps is not None and steps < INTERPRETED_STEPS and "numba" not in sys.modules:
                return self.function(*arguments)
            self._compiled = _compile(self.function)
        return self._compiled(*arguments)


def kernel(function: Callable[..., Any]) -> Kernel:
    """Marks a function as a kernel."""
    return Kernel(function)


def _compile(function: Callable[..., Any]) -> Callable[..., Any]:
    import numba

    try:
        compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # no folder may be written to: compiled anew in each process
        compiled = numba.njit(nogil=True, error_model="numpy")(function)
    return compiled
