"""Kernels: where nothing may be kept, all compiled ahead; and the page of the tables."""

import subprocess
import sys
from pathlib import Path

from tongdian.compiled import kernel
from tongdian.grid.describe import page

ROOT = Path(__file__).resolve().parents[2]


def test_a_kernel_that_cannot_be_kept_is_compiled_all_the_same() -> None:
    """As where neither the source's folder nor the user's may be written to."""
    names: dict[str, object] = {}
    exec(compile("def twice(x):\n    return 2 * x\n", "<nowhere>", "exec"), names)
    assert kernel(names["twice"])(21) == 42  # type: ignore[arg-type]


def test_after_warming_no_question_compiles() -> None:
    program = """
from tongdian import compiled
from tongdian.grid.warming import warm
warm()
kernels = {k for k in __import__("gc").get_objects() if isinstance(k, compiled.Kernel)}
assert len(kernels) >= 10
cold = [k.function.__name__ for k in kernels if k._compiled is None]
assert cold == [], cold
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_page_of_the_tables_is_up_to_date() -> None:
    assert (ROOT / "docs" / "network-tables.md").read_text(encoding="utf-8") == page()
