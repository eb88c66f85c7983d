"""`python -m tongdian.sandbox`: the sandbox as a child process, which says nothing."""

import argparse

from tongdian.sandbox.serving import serve

parser = argparse.ArgumentParser()
for option in ("--port", "--seed", "--customers"):
    parser.add_argument(option, type=int, required=True)
parser.add_argument("--target", default="")
options = parser.parse_args()
serve(options.port, options.seed, options.customers, options.target)
