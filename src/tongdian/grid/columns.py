"""What a column of a network table is, and how values become one.

A table is a frozen dataclass of NumPy arrays of one length; each field says in its metadata what it
holds. Ids are text; a reference is the row of another table, from 0, and -1 where there is none; a
code is the place of a word in the column's `choices`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from tongdian.grid.refusals import GridError

DTYPES: Mapping[str, Any] = {
    "id": np.str_, "text": np.str_, "reference": np.int32, "code": np.int8, "flag": np.bool_,
    "number": np.float64, "count": np.int32, "day": "datetime64[D]",
}  # fmt: skip
NONE = -1


@dataclass(frozen=True)
class Column:
    """One column: its `kind` (a key of DTYPES), `unit`, meaning, and what values it admits.

    `least` is the smallest value, itself excluded if `above`. A column with a `default` may be left
    out. `table` is where a reference points; it may be none if `optional`. Numbers are finite
    unless `optional`, when NaN stands for unknown.
    """

    kind: str
    meaning: str
    unit: str = ""
    least: float | None = None
    above: bool = False
    default: Any = None
    table: str = ""
    choices: tuple[str, ...] = ()
    optional: bool = False


def column(kind: str, meaning: str, unit: str = "", **more: Any) -> Any:
    """A field of a table."""
    return field(metadata={"column": Column(kind, meaning, unit, **more)})


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Columns of one length."""

    name: ClassVar[str] = ""

    @classmethod
    def columns(cls) -> Mapping[str, Column]:
        """The columns by name."""
        return {one.name: one.metadata["column"] for one in fields(cls)}

    @classmethod
    def of(cls, **values: npt.ArrayLike) -> Self:
        """The table of these columns, of one length; single values are for every row. Raises
        GridError `missing_field`, `unknown_field`, `wrong_length`, `wrong_type`."""
        columns = cls.columns()
        for name in values:
            if name not in columns:
                raise _unknown(cls.name, name, columns)
        arrays = {
            name: cls._array(name, one, values.get(name, one.default))
            for name, one in columns.items()
        }
        lengths = {name: len(array) for name, array in arrays.items() if array.ndim}
        rows = max(lengths.values(), default=1)
        for name, length in lengths.items():
            if length != rows:
                raise GridError(
                    "wrong_length",
                    (f"有 {length} 行，其他列有 {rows} 行",
                     f"has {length} rows where another column has {rows}"),
                    ("各列行数须一致。", "Give every column the same number of rows."),
                    table=cls.name, column=name,
                )  # fmt: skip
        return cls(
            **{
                name: array if array.ndim else np.full(rows, array)
                for name, array in arrays.items()
            }
        )

    @classmethod
    def empty(cls) -> Self:
        """The table without rows."""
        return cls(**{name: np.empty(0, _dtype(one)) for name, one in cls.columns().items()})

    @classmethod
    def _array(cls, name: str, one: Column, values: Any) -> npt.NDArray[Any]:
        if values is None:
            raise GridError(
                "missing_field",
                (f"缺少列 {name}", f"the column {name} is missing"),
                ("请补上该列。", "Add it."),
                table=cls.name, column=name,
            )  # fmt: skip
        try:
            if one.kind == "code":
                return coded(values, one.choices)
            return np.asarray(values, dtype=DTYPES[one.kind])
        except (ValueError, TypeError, OverflowError) as error:
            raise GridError(
                "wrong_type",
                (f"不能读作 {one.kind}：{error}", f"cannot be read as {one.kind}: {error}"),
                ("请改正该列。", "Mend the column."),
                table=cls.name, column=name,
            ) from None  # fmt: skip

    def __len__(self) -> int:
        return len(getattr(self, next(iter(self.columns()))))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} rows)"

    def items(self) -> Iterator[tuple[str, Column, npt.NDArray[Any]]]:
        """Name, description and values of each column."""
        for name, one in self.columns().items():
            yield name, one, getattr(self, name)


def coded(values: Any, choices: tuple[str, ...]) -> npt.NDArray[np.int8]:
    """Words as their places among `choices`; places stay. Raises ValueError for another word."""
    given = np.asarray(values)
    if given.dtype.kind not in "UO":
        places = given.astype(np.int8)
        if places.size and not ((places >= 0) & (places < len(choices))).all():
            raise ValueError(f"a code is none of 0 to {len(choices) - 1}")
        return places
    words, inverse = np.unique(given.astype(np.str_), return_inverse=True)
    lost = [word for word in words if word not in choices]
    if lost:
        raise ValueError(f"{lost[0]} is none of {', '.join(choices)}")
    places = np.array([choices.index(word) for word in words], np.int8)
    return places[inverse].reshape(given.shape)


def _dtype(one: Column) -> Any:
    return "<U1" if DTYPES[one.kind] is np.str_ else DTYPES[one.kind]


def _unknown(table: str, name: str, columns: Mapping[str, Column]) -> GridError:
    return GridError(
        "unknown_field",
        (f"不认识的列 {name}", f"the column {name} is not known"),
        (f"列有：{'、'.join(columns)}", f"Columns are {', '.join(columns)}."),
        table=table,
        column=name,
    )
