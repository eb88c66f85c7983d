"""Routes of external works: read, measured, laid over the city's objects, and what the law asks.

Pure: plain data in, plain data out. Coordinates are EPSG:4490 (CGCS2000), degrees, longitude first.
"""
