"""The catalogue of conductors and transformers that the room brings along.

`data/conductors.csv` and `data/transformer_types.csv`; each row tells its source and how sure it
is: sourced (found in public material), known (general knowledge), unsure (to be verified before
anyone relies on it). Another catalogue is another pair of tables.
"""

from functools import cache
from pathlib import Path
from typing import Final

from tongdian.grid.csvfiles import read_table
from tongdian.grid.tables import Conductors, TransformerTypes

DATA: Final = Path(__file__).with_name("data")


@cache
def conductors() -> Conductors:
    """Overhead lines JKLYJ, cables YJV22 and YJLV22 for 10 kV; JKLY and YJV22 for 0.4 kV."""
    return read_table(Conductors, DATA / "conductors.csv")


@cache
def transformer_types() -> TransformerTypes:
    """Distribution transformers 10/0.4 kV of the series S11, S13 and SH15, Dyn11."""
    return read_table(TransformerTypes, DATA / "transformer_types.csv")


def row_of(table: Conductors | TransformerTypes, name: str) -> int:
    """The row of a type by its id. Raises KeyError."""
    found = (table.id == name).nonzero()[0]
    if not len(found):
        raise KeyError(name)
    return int(found[0])
