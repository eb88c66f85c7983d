"""Registries of the state behind one protocol: what they say of somebody, under their signature.

`configured()` has those of this installation; with none, applicants bring their papers.
"""

from tongdian.service.exchange.registries.configuration import (
    configured,
    forget_configuration,
    use,
)
from tongdian.service.exchange.registries.errors import RegistryError
from tongdian.service.exchange.registries.plugin import Fact, Health, Registry

__all__ = [
    "Fact",
    "Health",
    "Registry",
    "RegistryError",
    "configured",
    "forget_configuration",
    "use",
]
