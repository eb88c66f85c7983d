"""Loops over arrays, compiled when they are first worth it.

Numba takes a second to import and some seconds to compile; what is compiled is kept beside the
source, or in the user's cache folder, for every later process. A small network is solved sooner by
the interpreter than the compiler is loaded, so a kernel is plain Python until a process has done so
much that compiling would have paid. Both do the same operations on the same doubles in the same
order.
"""

import sys
from collections.abc import Callable
from typing import Any, ClassVar, Final

# So many steps of a loop (nodes times rounds) a process interprets before it compiles: about 1 µs
# each against the second that Numba takes to load.
INTERPRETED_STEPS: Final = 200_000


class Kernel:
    """A function of arrays and numbers that calls no other of our functions."""

    steps_interpreted: ClassVar[int] = 0

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.__doc__ = function.__doc__
        self._compiled: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any, steps: int | None = None) -> Any:
        """The function's result. `steps` is about how often its loop turns, when that is known."""
        if self._compiled is None and steps is not None and "numba" not in sys.modules:
            Kernel.steps_interpreted += steps
            if Kernel.steps_interpreted < INTERPRETED_STEPS:
                return self.function(*arguments)
        return self.compiled()(*arguments)

    def compiled(self) -> Callable[..., Any]:
        """The compiled function, from now on the one that is called."""
        if self._compiled is None:
            self._compiled = _compile(self.function)
        return self._compiled


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
