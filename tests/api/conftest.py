"""Integrators, and the memory of keys emptied between tests."""

from collections.abc import Iterator

import pytest

from support.api import Integrator, integrator
from tongdian.service.identity.selectors import forget_api_keys


@pytest.fixture(autouse=True)
def _no_remembered_keys() -> Iterator[None]:
    forget_api_keys()
    yield
    forget_api_keys()


@pytest.fixture
def caller(db: None) -> Integrator:
    return integrator()
