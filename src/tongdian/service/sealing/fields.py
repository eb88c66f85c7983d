"""Columns whose values are sealed: `bytea` in the database, plain values in Python."""

import json
from typing import Any

from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.lookups import Exact

from tongdian.service.sealing.cipher import seal, unseal


class OnlyNull(Exact):
    """Django turns `field=None` into isnull; anything else would compare with a fresh seal."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs is not None:
            raise FieldError("a sealed column cannot be compared")
        super().__init__(lhs, rhs)


class _Sealed(models.Field):  # type: ignore[type-arg]
    """Base of both. Nothing can be looked up in it but whether there is a value."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    @property
    def place(self) -> str:
        """What the seal is bound to, so that a value cannot be moved to another column."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return OnlyNull
        if lookup_name != "isnull":
            raise FieldError(f"{self.place} is sealed: there is no {lookup_name} in it")
        return super().get_lookup(lookup_name)

    def get_prep_value(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return None if value is None else connection.Database.Binary(self.seal(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self.unseal(bytes(value))

    def seal(self, value: Any) -> bytes:
        """The stored form of a value that is not None."""
        return seal(self._encode(value), self.place)

    def unseal(self, stored: bytes) -> Any:
        """The value of a stored form. Raises SealBroken."""
        return self._decode(unseal(stored, self.place))

    def _encode(self, value: Any) -> bytes:
        raise NotImplementedError

    def _decode(self, plain: bytes) -> Any:
        raise NotImplementedError


class EncryptedJSON(_Sealed):
    """Anything that JSON can hold."""

    description = "sealed JSON"

    def _encode(self, value: Any) -> bytes:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)
        return text.encode()

    def _decode(self, plain: bytes) -> Any:
        return json.loads(plain)


class EncryptedText(_Sealed):
    """A text of at most `max_length` characters; the empty text is stored as it is: as nothing."""

    description = "sealed text"

    def __init__(self, *args: Any, max_length: int = 200, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        kwargs["max_length"] = max_length
        super().__init__(*args, **kwargs)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value == "":
            return connection.Database.Binary(b"")
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is not None and not bytes(value):
            return ""
        return super().from_db_value(value, expression, connection)

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        from django import forms

        kwargs.setdefault("form_class", forms.CharField)
        kwargs.setdefault("max_length", self.max_length)
        return super().formfield(*args, **kwargs)

    def _encode(self, value: Any) -> bytes:
        text = str(value)
        if self.max_length is not None and len(text) > self.max_length:
            raise ValueError(f"{self.place}: more than {self.max_length} characters")
        return text.encode()

    def _decode(self, plain: bytes) -> Any:
        return plain.decode()


def is_sealed_field(field: object) -> bool:
    """Whether a column is stored sealed."""
    return isinstance(field, _Sealed)
