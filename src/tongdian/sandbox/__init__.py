"""The sandbox city government: the systems that the platform talks to, played over real HTTP.

A process of its own that knows nothing of the service: what it says and takes is the interface.
"""
