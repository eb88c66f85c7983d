"""Forms of a route and of the one packet for all departments."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.service.approval.route_words import chinese, pick
from tongdian.works.geojson import from_geojson
from tongdian.works.geometry import Route
from tongdian.works.points import from_csv
from tongdian.works.reading import too_large
from tongdian.works.refusals import WorksError
from tongdian.works.routes import MOST_BYTES, read_route

VOLTAGE_CHOICES = (
    ("", gettext_lazy("请选择")),
    ("0.22", "220 V"),
    ("0.38", "380 V"),
    ("10", "10 kV"),
    ("20", "20 kV"),
    ("35", "35 kV"),
    ("110", "110 kV"),
)
FILES = ".geojson,.json,.dxf,.csv,.txt"


def words_of_refusal(error: WorksError) -> str:
    """Rule and remedy in the reader's language."""
    rule = pick(error.rule_zh, error.rule_en)
    if chinese():
        return f"{rule}。{error.remedy_zh}"
    return f"{rule[:1].upper()}{rule[1:]}. {error.remedy_en}"


class RouteForm(forms.Form):
    """A route, drawn, uploaded or typed. The first of file, points and drawing that is given."""

    use_required_attribute = False
    voltage_kv = forms.ChoiceField(
        label=gettext_lazy("电压等级"),
        choices=VOLTAGE_CHOICES,
        help_text=gettext_lazy("按供电方案答复单；不确定时问供电企业的客户经理"),
        error_messages={"required": gettext_lazy("请选择电压等级")},
    )
    with_chamber = forms.BooleanField(
        label=gettext_lazy("要新建电力井室（检查井、工井）"), required=False
    )
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("上传路径文件"),
        required=False,
        help_text=gettext_lazy("GeoJSON、DXF（CAD 图）或 CSV 坐标表，CGCS2000 坐标，不超过 2 MB"),
        widget=forms.ClearableFileInput({"accept": FILES}),
    )
    points = forms.CharField(
        label=gettext_lazy("输入坐标"),
        required=False,
        widget=forms.Textarea({"rows": 5, "spellcheck": "false", "class": "mono"}),
        help_text=gettext_lazy(
            "每行一个点：经度,纬度,敷设方式。敷设方式写 直埋、排管、架空、沿桥 或 顶管，"
            "从这一点起算；写 井 表示这里有井室。例：106.7135000,26.5783000,直埋"
        ),
    )

    def __init__(self, *args: Any, stored: Route | None = None, **kwargs: Any) -> None:
        self.stored = stored
        self.route: Route | None = None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            self.route = self._read(cleaned)
        except WorksError as error:
            self.add_error(self._source(cleaned), words_of_refusal(error))
            return dict(cleaned)
        if self.route is None and not self.errors.get("file"):
            self.add_error("points", _("还没有路径：请在地图上画，或上传文件，或输入坐标"))
        return dict(cleaned)

    def _source(self, cleaned: dict[str, Any]) -> str:
        return "file" if cleaned.get("file") else "points"

    def _read(self, cleaned: dict[str, Any]) -> Route | None:
        chamber = bool(cleaned.get("with_chamber"))
        file = cleaned.get("file")
        if file:
            return _with_chamber(read_route(file.name, _sized(file)), chamber)
        if cleaned.get("points"):
            return from_csv(cleaned["points"], with_chamber=chamber)
        if cleaned.get("drawn"):
            return from_geojson(cleaned["drawn"], with_chamber=chamber)
        return _with_chamber(self.stored, chamber) if self.stored else None

    def typed(self) -> dict[str, Any]:
        """What to keep of what was typed, right or wrong."""
        return {
            "voltage_kv": self.cleaned_data.get("voltage_kv", ""),
            "with_chamber": "on" if self.cleaned_data.get("with_chamber") else "",
        }


def _sized(file: Any) -> bytes:
    """The file, or no more of it than its size is told by. Raises RouteError `too_large`."""
    if file.size > MOST_BYTES:
        raise too_large(file.size)
    return bytes(file.read())


def _with_chamber(route: Route, chamber: bool) -> Route:
    return Route(route.parts, route.chambers, bool(route.chambers) or chamber)
