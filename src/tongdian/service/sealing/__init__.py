"""Encryption at rest: the installation's keys, the cipher, and the columns and files that use it.

Beneath every other room of the service, so that each may keep its people's data sealed.
"""

from tongdian.service.sealing.cipher import SealBroken, blind_index, seal, unseal
from tongdian.service.sealing.fields import EncryptedJSON, EncryptedText, is_sealed_field

__all__ = [
    "EncryptedJSON",
    "EncryptedText",
    "SealBroken",
    "blind_index",
    "is_sealed_field",
    "seal",
    "unseal",
]
