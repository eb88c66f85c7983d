"""One sample log for all tests of the proof room; it is never changed."""

import pytest

from support.proof_samples import SampleLog
from tongdian.proof.heads import SigningKey


@pytest.fixture(scope="session")
def log() -> SampleLog:
    return SampleLog(SigningKey.generate())
