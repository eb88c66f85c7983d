"""The organisations of the plan: its responsible units, the utility's offices, the districts.

Names as the Guiyang plan of 2021 gives them; the codes are this platform's own.
"""

from dataclasses import dataclass

from tongdian.law.identifiers import GUIYANG_DIVISIONS

HEADQUARTERS = "GYPS"


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation to be seeded; `kind` as in `Organisation.Kind`."""

    code: str
    kind: str
    zh: str
    en: str
    district: str = ""


DEPARTMENTS = tuple(
    Unit(code, "department", zh, en)
    for code, zh, en in (
        ("GY-FGW", "市发展改革委", "Municipal Development and Reform Commission"),
        ("GY-GXJ", "市工业和信息化局", "Municipal Bureau of Industry and Information Technology"),
        ("GY-ZJJ", "市住房和城乡建设局", "Municipal Bureau of Housing and Urban-Rural Development"),
        ("GY-ZHZF", "市综合行政执法局", "Municipal Bureau of Comprehensive Law Enforcement"),
        ("GY-GAJG", "市公安交通管理局", "Municipal Traffic Police"),
        ("GY-LYJ", "市林业局", "Municipal Forestry Bureau"),
        ("GY-ZRZY", "市自然资源和规划局", "Municipal Bureau of Natural Resources and Planning"),
        ("GY-ZWZX", "市政务服务中心", "Municipal Government Service Centre"),
        ("GY-DSJ", "市大数据发展管理局", "Municipal Big Data Administration"),
        ("GY-SCJG", "市市场监督管理局", "Municipal Administration for Market Regulation"),
        ("GY-GAJ", "市公安局", "Municipal Public Security Bureau"),
        ("GY-TZCJ", "市投资促进局", "Municipal Investment Promotion Bureau"),
        ("GY-JTW", "市交通委员会", "Municipal Transport Commission"),
        ("GY-YJJ", "市应急管理局", "Municipal Emergency Management Bureau"),
    )
)


def all_units() -> list[Unit]:
    """Every unit: departments, utility headquarters and offices, district governments."""
    units = [
        *DEPARTMENTS,
        Unit(HEADQUARTERS, "utility", "贵阳供电局", "Guiyang Power Supply Bureau"),
    ]
    for place in GUIYANG_DIVISIONS.values():
        units.append(
            Unit(
                f"{HEADQUARTERS}-{place.code}",
                "utility",
                f"贵阳供电局{place.zh}供电分局",
                f"Guiyang Power Supply Bureau, {place.en} office",
                place.code,
            )
        )
        zone = place.kind == "zone"
        units.append(
            Unit(
                f"GY-{place.code}",
                "city",
                f"{place.zh}{'管理委员会' if zone else '人民政府'}",
                f"{place.en} {'Administrative Committee' if zone else 'People’s Government'}",
                place.code,
            )
        )
    return units
