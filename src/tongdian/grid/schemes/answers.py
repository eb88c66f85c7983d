"""A quote as JSON: everything an engineer, a map or a program needs, unsure values marked."""

from math import isfinite
from typing import TYPE_CHECKING, Any

from tongdian.grid.schemes.checks import Profile
from tongdian.grid.schemes.costs import Band
from tongdian.grid.schemes.scheme import PERMITS, Scheme, cents
from tongdian.grid.schemes.supply import Supply, way_word
from tongdian.grid.schemes.terms import METERING

if TYPE_CHECKING:
    from tongdian.grid.schemes.quote import Quote

# Decimals of a degree: a centimetre.
DEGREES = 7
# 主供、备供、第三电源, in the order of cost.
ROLES = ("main", "backup", "third")


def quote_dict(quote: "Quote", *, elements: bool = True) -> dict[str, Any]:
    """A quote, JSON-able: no NaN, money as text; the loading of every element if `elements`."""
    request = quote.request
    metering = METERING[quote.terms.metering]
    return {
        "request": {
            "lon": request.lon, "lat": request.lat, "kw": request.kw,
            "power_factor": request.power_factor, "use": request.use,
            "is_single_phase": request.is_single_phase, "is_small_micro": request.is_small_micro,
            "critical": request.critical, "is_dual": request.is_dual,
            "needs_transfer": request.needs_transfer,
        },
        "terms": {**quote.terms.to_dict(), "metering_zh": metering[0], "metering_en": metering[1]},
        "feasible": bool(quote.schemes),
        "why_zh": quote.why[0], "why_en": quote.why[1],
        "schemes": [
            _scheme(one, rank, elements) for rank, one in enumerate(quote.schemes, start=1)
        ],
        "infeasible": [_scheme(one, None, elements) for one in quote.infeasible],
        "unsure": {name: one.to_dict() for name, one in quote.world.rules.unsure().items()},
    }  # fmt: skip


def _scheme(scheme: Scheme, rank: int | None, elements: bool) -> dict[str, Any]:
    return {
        "rank": rank, "feasible": scheme.is_feasible, "pareto": scheme.is_pareto,
        "cost_yuan": cents(scheme.cost), "customer_pays_yuan": cents(scheme.customer_pays),
        "utility_pays_yuan": cents(scheme.utility_pays),
        "working_days": scheme.days.to_dict(), "length_m": scheme.length_m,
        "permits": [
            {"item": one, "zh": PERMITS[one][0], "en": PERMITS[one][1]} for one in scheme.permits
        ],
        "loss_kw": number(scheme.loss_kw), "reserve": number(scheme.reserve),
        "binding": _clean(scheme.binding.to_dict()), "shares_way": scheme.shares_way,
        "cost_is_sure": all(
            line.cost.confidence != "unsure" for s in scheme.supplies for line in s.bill
        ),
        "supplies": [
            {"role": role, **_supply(one, elements)}
            for role, one in zip(ROLES, scheme.supplies, strict=False)
        ],
    }  # fmt: skip


def _supply(supply: Supply, elements: bool) -> dict[str, Any]:
    is_solved = supply.checks[0].kind != "unsolved"
    return {
        "source": supply.source.to_dict(), "new_transformer": supply.is_new_transformer,
        "feasible": supply.is_feasible, "fits_kw": supply.fits_kw,
        "route": {
            "type": "LineString",
            "coordinates": supply.lonlat().round(DEGREES).tolist(),
        },
        "length_m": supply.street_m, "inside_m": supply.inside_m, "circuits": supply.circuits,
        "metres_by_laying": supply.metres_by_laying(),
        "pieces": [
            {"laying": way_word(p.way), "length_m": p.length_m, "is_inside": p.is_inside}
            for p in supply.pieces
        ],
        "checks": [_clean(check.to_dict()) for check in supply.checks],
        "bill": [line.to_dict() for line in supply.bill],
        "cost_yuan": cents(supply.cost), "working_days": _band(supply.days),
        "loss_kw": number(supply.loss_kw), "reserve": number(supply.reserve),
        "profile": _profile(supply.profile) if is_solved else [],
        "loading": supply.loading() if is_solved and elements else [],
    }  # fmt: skip


def _profile(profile: Profile) -> list[dict[str, Any]]:
    return [
        {"node": name, "before_kv": number(before), "after_kv": after,
         "before_pu": number(before / kv), "after_pu": after / kv}
        for name, kv, before, after in zip(
            profile.ids, profile.base_kv, profile.before_kv, profile.after_kv, strict=True
        )
    ]  # fmt: skip


def _band(band: Band) -> dict[str, str]:
    return band.to_dict()


def number(value: float) -> float | None:
    """A number, or nothing where there is none."""
    return value if isfinite(value) else None


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: number(value) if isinstance(value, float) else value for key, value in values.items()
    }
