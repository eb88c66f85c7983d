"""The pages for people: `/` and the message box `/gateway/`. Chinese, and English by `?lang=en`."""

from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from tongdian.sandbox.approvals import DEPARTMENTS, Approvals
from tongdian.sandbox.control import Control, statuses
from tongdian.sandbox.faults import KINDS, kinds_for
from tongdian.sandbox.gateway import Gateway
from tongdian.sandbox.keys import SERVICES
from tongdian.sandbox.markup import Html, choice, show, table, tag, void
from tongdian.sandbox.pushes import Pusher
from tongdian.sandbox.records import project_code
from tongdian.sandbox.registries import NAMES
from tongdian.sandbox.residents import examples
from tongdian.sandbox.situation import Situation
from tongdian.sandbox.web import Answer, Request, Router, as_page
from tongdian.sandbox.webhooks import Webhooks

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
STYLE: Final = Path(__file__).with_name("static") / "sandbox.css"
SHOWN: Final = 30
WORDS: Final = {
    **NAMES,
    "credit": ("信用平台", "Credit platform"),
    "gateway": ("消息网关", "Message gateway"),
    "approvals": ("工程建设项目审批系统", "Construction approval system"),
    "webhooks": ("回调接收器", "Webhook receiver"),
}
ADDRESSES: Final = {
    "credit": "/credit/query",
    "gateway": "/gateway/messages",
    "approvals": "/approvals/packets",
    "webhooks": "/webhooks/<name>/",
}


class Pages:
    """What a tester sees."""

    def __init__(
        self, situation: Situation, control: Control, approvals: Approvals, pusher: Pusher,
        gateway: Gateway, webhooks: Webhooks,
    ) -> None:  # fmt: skip
        self.situation, self.control, self.approvals = situation, control, approvals
        self.pusher, self.gateway, self.webhooks = pusher, gateway, webhooks

    def routes(self, router: Router) -> None:
        router.add("GET", "/", self.home)
        router.add("GET", "/gateway/", self.box)
        router.add("GET", "/static/sandbox.css", style)

    def home(self, request: Request) -> Answer:
        page = _Page(request)
        return page.answer(
            page.say("模拟政府", "Sandbox government"),
            self._links(page),
            self._clock(page),
            self._services(page),
            self._push(page),
            self._people(page),
            self._came_in(page),
        )

    def box(self, request: Request) -> Answer:
        page = _Page(request, "/gateway/")
        letters = [self._letter(page, one) for one in list(self.gateway.letters)[:200]]
        nothing = page.say("还没有消息。", "Nothing yet.")
        return page.answer(
            page.say("消息箱", "Message box"),
            tag("p", tag("a", page.say("返回", "Back"), href=page.link("/"))),
            *(letters or [tag("p", nothing, class_="muted")]),
        )

    def _letter(self, page: "_Page", one: object) -> Html:
        from tongdian.sandbox.gateway import Letter

        assert isinstance(one, Letter)
        channel = {"sms": page.say("短信", "SMS"), "email": page.say("邮件", "E-mail")}[one.channel]
        head = tag("p", f"{channel} → {one.to} · {_local(one.at)}", class_="muted")
        return tag("article", head, tag("p", one.text), class_="message")

    def _links(self, page: "_Page") -> Html:
        links = (
            ("#clock", page.say("时钟", "Clock")),
            ("#services", page.say("系统与故障", "Services and faults")),
            ("#push", page.say("推送", "Pushes")),
            ("#people", page.say("样例", "Examples")),
            ("#came", page.say("收到的", "What came in")),
            (page.link("/gateway/"), page.say("消息箱", "Message box")),
            ("/keys", page.say("密钥", "Keys")),
        )
        return tag("nav", *(tag("a", words, href=href) for href, words in links),
                   aria_label=page.say("目录", "Contents"))  # fmt: skip

    def _clock(self, page: "_Page") -> Html:
        now = self.situation.clock.now()
        return tag(
            "section",
            tag("h2", page.say("时钟", "Clock"), id="clock"),
            tag("p", tag("strong", _local(now)), page.say(
                "（上海）。各系统在回答、证照和事件里写的都是这个时间；"
                "离真实时间超过 5 分钟，平台会认为证照回答过时。",
                " (Shanghai). What every system states as its time, in answers, permits and events;"
                " more than five minutes off, the platform takes a registry's answer for stale.",
            )),
            tag("div",
                page.form("/control/clock",
                          page.field("days", page.say("往后几天", "Days on"), "1"),
                          page.field("hours", page.say("几小时", "Hours"), "0"),
                          tag("button", page.say("拨动", "Move"))),
                page.form("/control/clock", void("input", type="hidden", name="reset", value="1"),
                          tag("button", page.say("恢复真实时间", "Real time again"),
                              class_="quiet")),
                class_="columns"),
        )  # fmt: skip

    def _services(self, page: "_Page") -> Html:
        faults = self.situation.faults.all()
        rows = []
        for service in SERVICES:
            fault = faults.get(service)
            state = tag("span", page.say("正常", "Fine"), class_="good")
            if fault is not None:
                left = "" if fault.left is None else f" × {fault.left}"
                state = tag("span", KINDS[fault.kind][page.english] + left, class_="bad")
            options = [("none", page.say("无故障", "No fault"))]
            options += [(kind, KINDS[kind][page.english]) for kind in kinds_for(service)]
            form = page.form(
                "/control/faults",
                void("input", type="hidden", name="service", value=service),
                choice("fault", options, fault.kind if fault else "none"),
                void("input", name="times", class_="short", inputmode="numeric",
                     placeholder=page.say("次数", "times"), aria_label="times"),
                tag("button", page.say("设定", "Set")),
            )  # fmt: skip
            address = ADDRESSES.get(service, f"/registries/{service}/query")
            rows.append((WORDS[service][page.english], tag("code", address), state, form))
        heads = (page.say("系统", "Service"), page.say("地址", "Address"),
                 page.say("现在", "Now"),
                 page.say("故障（次数空着：一直）", "Fault (no times: until off)"))  # fmt: skip
        clear = page.form(
            "/control/faults", void("input", type="hidden", name="clear", value="1"),
            tag("button", page.say("全部恢复正常", "End all faults"), class_="quiet"),
        )  # fmt: skip
        return tag(
            "section", tag("h2", page.say("系统与故障", "Services and faults"), id="services"),
            tag("div", table(heads, rows, ""), class_="services"), clear,
        )  # fmt: skip

    def _push(self, page: "_Page") -> Html:
        builders = [one for one in examples() if one.has_project]
        builders += self.situation.directory.some_companies(5)
        packets = list(self.approvals.packets)
        number = packets[-1] if packets else ""
        known = "、".join(DEPARTMENTS)
        rows = [
            (one.id, one.type.removeprefix("cn.tongdian."), one.subject, one.status or "-",
             tag("details", tag("summary", one.answer[:60] or "-"), tag("pre", one.body.decode())),
             page.form("/control/resend", void("input", type="hidden", name="id", value=one.id),
                       tag("button", page.say("再发", "Again"), class_="quiet")))
            for one in list(self.pusher.sent)[:SHOWN]
        ]  # fmt: skip
        return tag(
            "section",
            tag("h2", page.say("推送", "Pushes"), id="push"),
            page.form("/control/target",
                      page.field("target", page.say("平台地址", "The platform"), self.pusher.target,
                                 "long"),
                      tag("button", page.say("设定", "Set"), class_="quiet")),
            tag("div",
                page.form("/control/push",
                          void("input", type="hidden", name="kind", value="construction_permit"),
                          tag("label", page.say("施工许可证，建设单位", "Construction permit for"),
                              choice("uscc", [(b.person.id_number, b.person.name)
                                              for b in builders])),
                          tag("button", page.say("推送施工许可证", "Push the permit"))),
                page.form("/control/push",
                          void("input", type="hidden", name="kind", value="item_status"),
                          page.field("spsxslbm", page.say("事项实例（SL-办件编号-事项）",
                                                          "Item (SL-<case>-<item>)"),
                                     number, "long"),
                          tag("label", page.say("办理状态", "Status"),
                              choice("blzt", [(c, f"{c} {w}") for c, w in statuses(page.lang)])),
                          page.field("blyj", page.say("办理意见", "Opinion"), "", "long"),
                          tag("button", page.say("推送办理状态", "Push the status")),
                          tag("p", page.say(f"事项：{known}", f"Items: {known}"), class_="muted")),
                class_="columns"),
            table(("id", page.say("类型", "Type"), page.say("对象", "Subject"),
                   page.say("回应", "Answer"), page.say("详情", "Details"), ""), rows,
                  page.say("还没有推送过。", "Nothing pushed yet.")),
        )  # fmt: skip

    def _people(self, page: "_Page") -> Html:
        rows = []
        for one in examples():
            notes = []
            if one.small_micro:
                notes.append(page.say("小微企业", "small or micro"))
            if one.has_project:
                notes.append(project_code(one))
            rows.append((one.person.name, tag("code", one.person.id_number),
                         one.premises.address, "，".join(notes)))  # fmt: skip
        heads = (page.say("姓名或单位", "Name"), page.say("证号", "Identifier"),
                 page.say("地址", "Address"), page.say("说明", "Notes"))  # fmt: skip
        count = f"{self.situation.customers:,}"
        return tag(
            "section", tag("h2", page.say("样例", "Examples"), id="people"),
            tag("p", page.say(f"另有演示城市的 {count} 户居民和单位。都是虚构的。",
                              f"Besides, the {count} customers of the demo city. All fictitious.")),
            table(heads, rows, ""),
        )  # fmt: skip

    def _came_in(self, page: "_Page") -> Html:
        asked = [(_local(one.at), WORDS[one.service][page.english], one.what, one.words)
                 for one in list(self.situation.noted)[:SHOWN]]  # fmt: skip
        hooks = [
            (_local(one.at), one.box, one.type.removeprefix("cn.tongdian."), one.subject,
             one.sequence, show(one.problem or page.say("签名无误", "signature fits")),
             tag("details", tag("summary", page.say("正文", "Body")), tag("pre", one.body)))
            for one in list(self.webhooks.received)[:SHOWN]
        ]  # fmt: skip
        nothing = page.say("还没有。", "Nothing yet.")
        at = page.say("时间", "At")
        return tag(
            "section",
            tag("h2", page.say("收到的回调", "Webhooks that came"), id="came"),
            table((at, page.say("接收箱", "Box"), page.say("类型", "Type"),
                   page.say("对象", "Subject"), page.say("序号", "Sequence"),
                   page.say("签名", "Signature"), ""), hooks, nothing),
            tag("h2", page.say("收到的查询和办件", "Queries and packets that came")),
            table((at, page.say("系统", "Service"), page.say("对象", "Subject"),
                   page.say("用途", "Purpose")), asked, nothing),
        )  # fmt: skip


class _Page:
    """One page in one language."""

    def __init__(self, request: Request, path: str = "/") -> None:
        self.lang = "en" if request.query.get("lang") == "en" else "zh"
        self.english = self.lang == "en"
        self.path = path

    def say(self, chinese: str, english: str) -> str:
        return english if self.english else chinese

    def link(self, path: str) -> str:
        return f"{path}?lang=en" if self.english else path

    def form(self, action: str, *inside: object) -> Html:
        return tag("form", *inside, method="post", action=self.link(action))

    def field(self, name: str, label: str, value: str, size: str = "short") -> Html:
        return tag("label", label, void("input", name=name, value=value, class_=size))

    def answer(self, title: str, *inside: object) -> Answer:
        other = self.path if self.english else f"{self.path}?lang=en"
        head = tag(
            "head", void("meta", charset="utf-8"),
            void("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("title", f"{title} · {self.say('通电', 'Tongdian')}"),
            void("link", rel="stylesheet", href="/static/sandbox.css"),
        )  # fmt: skip
        top = tag(
            "header", tag("h1", title),
            tag("p", self.say("只为测试：没有真实的人，也没有真实的政府系统。",
                              "For tests alone: no real people, no real government system.")),
            tag("a", self.say("English", "中文"), href=other),
        )  # fmt: skip
        lang = self.say("zh-Hans", "en")
        body = tag("body", top, tag("main", *inside))
        return as_page(f"<!doctype html>{tag('html', head, body, lang=lang)}")


def style(request: Request) -> Answer:
    return Answer(200, STYLE.read_bytes(), "text/css; charset=utf-8")


def _local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
