"""A street corner for routes of external works, and cases whose works are about to begin."""

import json
import struct
import zlib
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.helpers import submit
from support.cases import CLERK, ENGINEER, FIELD, day, scheme, today
from tongdian.service.approval.route_objects import forget_objects, store_objects
from tongdian.service.casework.models import Case
from tongdian.service.connection.actions import act
from tongdian.works.objects_geojson import from_geojson

LON, LAT = 106.7135, 26.5783
# Along the old street for 50 m; then the same across the young one.
OLD_STREET = f"{LON},{LAT},直埋\n{LON + 0.0005},{LAT}"
YOUNG_STREET = f"{LON},{LAT + 0.002},直埋\n{LON + 0.0005},{LAT + 0.002}"
NOWHERE = f"{LON},{LAT + 0.01},直埋\n{LON + 0.0005},{LAT + 0.01}"
PDF = b"%PDF-1.7\n%example\n"


def street_corner(on: date, at: tuple[float, float] = (LON, LAT)) -> None:
    """An old street, one delivered a year ago, green land beside it, and an ancient tree."""

    lon, lat = at

    def road(name: str, north: float, built: date) -> dict[str, Any]:
        ends = [[lon - 0.005, lat + north], [lon + 0.005, lat + north]]
        return {
            "type": "Feature",
            "properties": {"id": name, "kind": "road", "grade": "branch", "name": name,
                           "width_m": 12, "built_on": built.isoformat()},
            "geometry": {"type": "LineString", "coordinates": ends},
        }  # fmt: skip

    tree = {
        "type": "Feature",
        "properties": {"id": "T1", "kind": "tree", "grade": "ancient", "age_years": 200,
                       "crown_m": 6},
        "geometry": {"type": "Point", "coordinates": [lon, lat - 0.002]},
    }  # fmt: skip
    features = [
        road("示例老街", 0.0, on - timedelta(days=20 * 365)),
        road("示例新街", 0.002, on - timedelta(days=365)),
        tree,
    ]
    document = json.dumps({"type": "FeatureCollection", "features": features})
    store_objects(from_geojson(document.encode()), source="example")
    forget_objects()


def works_case(client: Client, **changes: Any) -> Case:
    """A low-voltage case of the client at the customer's works."""
    case = submit(client, "low_voltage", **changes)
    for kind, actor, data in (
        ("application_accepted", CLERK, {}),
        ("survey_completed", FIELD, {"surveyed_on": day(), "external_works": "no"}),
        ("scheme_replied", ENGINEER, scheme(voltage="10kV")),
    ):
        act(case.number, kind, data, actor=actor)
    client.post(f"/cases/{case.number}/do/scheme_accepted/", {})
    case.refresh_from_db()
    assert case.stage == "own_works"
    return case


def draw(client: Client, number: str, points: str = OLD_STREET, **more: Any) -> Any:
    """Type a route on its page."""
    data = {"voltage_kv": "10", "points": points, **more}
    return client.post(f"/permits/{number}/route/", data)


def packet(**changes: Any) -> dict[str, Any]:
    """The form, with every paper to follow later."""
    later = ("planning_document", "construction_drawing", "works_plan", "traffic_plan",
             "pipe_record", "restoration_agreement")  # fmt: skip
    return {
        "starts_on": (today() + timedelta(days=3)).isoformat(),
        "ends_on": (today() + timedelta(days=20)).isoformat(),
        "method": "open_cut",
        "works": "沟宽 0.8 米，沟深 1 米",
        "contractor": "示例·贵阳电力施工有限公司",
        "contact_name": "示例·张工",
        "contact_phone": "19900000003",
        **{f"later-{kind}": "on" for kind in later},
        **changes,
    }


def prepared(client: Client, **changes: Any) -> Case:
    """A case with its route and form filled in, ready to be filed or committed to."""
    case = works_case(client, **changes)
    assert draw(client, case.number).status_code == 302
    response = client.post(f"/permits/{case.number}/form/", packet())
    assert response.status_code == 302, response.context["form"].errors
    return case


def photo(name: str, shade: int) -> SimpleUploadedFile:
    """A picture of one grey pixel, each shade another file."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes((0, shade))))
    data = b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")
    return SimpleUploadedFile(name, data, "image/png")
