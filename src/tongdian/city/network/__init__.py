"""The network of the synthetic city: substations 110/10 kV, feeders along its streets, 0.38 kV.

Deterministic in seed, size and day; see `build.generate_network` and `build.lay_network`,
`statistics.statistics` for how it is loaded, and `storage` for the folder that processes share.
Nobody is supplied by it: names, loads and places are invented.
"""
