"""A city's network as a folder: its tables, what routes need, and the wiring between them.

`network` is a folder of `grid.store`; `routes` holds `streets` and `attachments` as
`grid.paths.network.RouteNetwork` opens them, once `prices` are laid beside; `wiring` joins both.
"""

from pathlib import Path

from tongdian.city.network.attachments import Wiring
from tongdian.city.network.build import CityNetwork
from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import StreetGraph
from tongdian.grid.paths.storage import load, save
from tongdian.grid.store import open_tables, save_tables

TABLES, ROUTES, WIRING = "network", "routes", "wiring"


def save_network(city: CityNetwork, folder: Path) -> None:
    """Writes the parts, each whole or not at all."""
    save_tables(city.tables, folder / TABLES)
    save(city.streets, folder / ROUTES / "streets")
    save(city.attachments, folder / ROUTES / "attachments")
    save(city.wiring, folder / WIRING)


def open_network(folder: Path) -> CityNetwork:
    """Maps the parts, read-only; processes share the pages. Raises GridError or PathError."""
    return CityNetwork(
        open_tables(folder / TABLES),
        load(StreetGraph, folder / ROUTES / "streets"),
        load(Attachments, folder / ROUTES / "attachments"),
        load(Wiring, folder / WIRING),
    )
