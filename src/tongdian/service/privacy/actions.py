"""What can be done about a person's data."""

from tongdian.service.privacy.reads import Purpose, purpose_of, record_read, record_read_of

__all__ = ["Purpose", "purpose_of", "record_read", "record_read_of"]
