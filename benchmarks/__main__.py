"""`make bench`: all benchmarks, or those named: `python -m benchmarks deadlines verify`."""

import importlib
import sys

NAMES = (
    "deadlines", "verify", "routes", "action", "inbox", "sequencing", "submissions", "deliveries",
    "joint", "early_start", "powerflow", "hosting", "nearest", "disjoint",
    "city_network", "quote", "reliability",
)  # fmt: skip


def main() -> int:
    chosen = sys.argv[1:] or NAMES
    for name in chosen:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
