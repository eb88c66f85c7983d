"""The commands of `tongdian`, one module each: `register` declares it, `run` does it.

Modules import what they need when they run, so that `tongdian deadline` starts in a blink.
"""
