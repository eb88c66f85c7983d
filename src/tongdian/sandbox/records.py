"""What each registry says of a holder. Nothing here is random: the same city, the same records."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from tongdian.city.places import places
from tongdian.law.identifiers import make_project_code
from tongdian.sandbox.residents import Holder

Record = dict[str, Any]
EPOCH: Final = date(2015, 1, 1)


def _day(holder: Holder, years: int, salt: int) -> str:
    """A day within `years` after 2015 that belongs to the holder."""
    return (EPOCH + timedelta(days=(holder.number * 733 + salt) % (365 * years))).isoformat()


def _host(holder: Holder) -> str:
    """The GB/T 2260 code: development zones have none of their own."""
    division = holder.premises.division
    return next((place.host for place in places() if place.code == division), division)


def identity(holder: Holder) -> Record | None:
    """市公安局: 居民身份证."""
    if holder.is_company:
        return None
    return {
        "name": holder.person.name,
        "id_number": holder.person.id_number,
        "status": "valid",
        "valid_until": (date(2030, 1, 1) + timedelta(days=holder.number % 3000)).isoformat(),
    }


def business(holder: Holder) -> Record | None:
    """市市场监督管理局: 营业执照, with the small-and-micro flag (小微企业名录)."""
    if not holder.is_company:
        return None
    return {
        "name": holder.person.name,
        "uscc": holder.person.id_number,
        "legal_representative": "示例·法人",
        "address": holder.premises.address,
        "status": "active",
        "small_micro": holder.small_micro,
        "registered_on": _day(holder, 8, 11),
    }


def real_estate(holder: Holder) -> Record | None:
    """市自然资源和规划局: 不动产登记. Area in square metres, as text."""
    certificate = f"黔({2016 + holder.number % 9})贵阳市不动产权第{holder.number % 10**7:07d}号"
    return {
        "titles": [
            {
                "certificate": certificate,
                "unit": holder.premises.real_estate_unit,
                "address": holder.premises.address,
                "use": "住宅" if not holder.is_company else "非住宅",
                "area_m2": f"{60 + holder.number % 90}.00",
                "registered_on": _day(holder, 9, 5),
            }
        ]
    }


def land_planning(holder: Holder) -> Record | None:
    """市自然资源和规划局: 土地出让、建设工程规划许可. Only those who build have any."""
    if not holder.has_project:
        return None
    return {
        "parcel": holder.premises.real_estate_unit[:19],
        "address": holder.premises.address,
        "land_use": "工业用地" if holder.premises.purpose == "industrial" else "商业用地",
        "area_m2": f"{2_000 + holder.number % 9_000}.00",
        "planning_permit": f"建字第{_host(holder)}2025{holder.number % 10**5:05d}号",
        "permitted_on": "2025-06-18",
    }


def projects(holder: Holder) -> Record | None:
    """市发展改革委: 投资项目在线审批监管平台."""
    if not holder.has_project:
        return None
    return {
        "projects": [
            {
                "code": project_code(holder),
                "name": project_name(holder),
                "kind": "备案",
                "owner_uscc": holder.person.id_number,
                "filed_on": "2025-03-12",
                "investment_yuan": f"{(1 + holder.number % 90) * 1_000_000}.00",
            }
        ]
    }


def project_code(holder: Holder) -> str:
    """24 characters."""
    return make_project_code(2025, 3, _host(holder), holder.number % 10**6)


def project_name(holder: Holder) -> str:
    return f"{holder.person.name}示例项目"


RECORDS: Final[Mapping[str, Callable[[Holder], Record | None]]] = {
    "identity": identity,
    "business": business,
    "real_estate": real_estate,
    "land_planning": land_planning,
    "projects": projects,
}
