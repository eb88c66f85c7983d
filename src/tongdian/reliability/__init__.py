"""Reliability of supply: predicted indices of radial feeders, measured indices of interruption
logs, compensation, and the cheapest measures that reach a target. Plain data in, plain data out."""
