"""What people call the places of the network: 示例5号变电站/10kVⅠ段母线/示07线/23号杆.

Ids of nodes begin with the feeder's name, which no transfer changes; `CityNetwork.name_of` puts
before it where the feeder is fed from in normal operation.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Texts = npt.NDArray[np.str_]
Ints = npt.NDArray[np.integer[Any]]

BUSBARS: Final = ("Ⅰ", "Ⅱ")
POLE, BOX, WELL = "杆", "环网柜", "电缆井"


def substation_names(count: int) -> Texts:
    """示例1号变电站 and so on."""
    return joined("示例", np.arange(1, count + 1), "号变电站")


def busbar_names(substations: Texts) -> Texts:
    """Both busbars of each substation in turn."""
    return np.array([f"{one}/10kV{busbar}段母线" for one in substations for busbar in BUSBARS])


def feeder_names(count: int) -> Texts:
    """示07线: as many digits as the last one needs, two at least."""
    width = max(len(str(count)), 2)
    return np.array([f"示{number:0{width}d}线" for number in range(1, count + 1)])


def numbered(group: Ints) -> npt.NDArray[np.int64]:
    """The number of each row in its group, from 1; groups stand together."""
    first = np.flatnonzero(np.append(True, group[1:] != group[:-1])) if len(group) else group
    count = np.diff(np.append(first, len(group)))
    return np.asarray(np.arange(len(group)) - np.repeat(first, count) + 1)


def joined(*parts: Any) -> Texts:
    """Texts, numbers or arrays of them, one after the other."""
    text: Any = np.array("")
    for part in parts:
        given = np.asarray(part)
        if given.dtype.kind != "U":
            # As wide as the largest number: the width of an int64 would swell every id.
            given = given.astype(f"U{len(str(given.max(initial=0)))}")
        text = np.strings.add(text, given)
    return np.asarray(text.astype(f"U{max(int(np.strings.str_len(text).max(initial=1)), 1)}"))
