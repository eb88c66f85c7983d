"""The sandbox government for these tests."""

from support.sandbox import government, sandbox

__all__ = ["government", "sandbox"]
