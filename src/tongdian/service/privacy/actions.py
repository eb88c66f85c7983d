"""What can be done about a person's data; what other rooms register here."""

from tongdian.service.privacy.erasing import (
    ErasureRefused,
    StillNeeded,
    decide_erasure,
    erase_person,
    request_erasure,
)
from tongdian.service.privacy.holdings import Holding, Kept, register_holding
from tongdian.service.privacy.keeping import Keeping, Needed, register_keeping
from tongdian.service.privacy.reads import Purpose, purpose_of, record_read, record_read_of

__all__ = [
    "ErasureRefused",
    "Holding",
    "Keeping",
    "Kept",
    "Needed",
    "Purpose",
    "StillNeeded",
    "decide_erasure",
    "erase_person",
    "purpose_of",
    "record_read",
    "record_read_of",
    "register_holding",
    "register_keeping",
    "request_erasure",
]
