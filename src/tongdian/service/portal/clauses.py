"""From a clause as data to what a page shows: its name, its quotation, its place in the plan."""

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from tongdian.law.plan import Plan
from tongdian.service.portal.words import chinese

LAWS = {
    "行政许可法": "Administrative Licensing Law",
    "民法典": "Civil Code",
    "优化营商环境条例": "Regulation on Optimising the Business Environment",
    "电力供应与使用条例": "Regulation on Power Supply and Use",
    "供电监管办法": "Measures for the Supervision of Power Supply",
    "供电营业规则": "Power Supply Business Rules",
    "发改能源规": "NDRC energy rule",
    "国办发": "State Council Office",
    "城市道路管理条例": "Regulations on Urban Roads",
    "城市绿化条例": "Regulations on Urban Greening",
    "道路交通安全法": "Road Traffic Safety Law",
    "森林法": "Forest Law",
    "个人信息保护法": "Personal Information Protection Law",
    "业扩供电方案编制导则": "Guideline on supply schemes",
    "平台参数": "Setting of this platform",
    "的分解": "divided",
    "申请人原因不计入供电企业时间": "the applicant's time is not the utility's",
    "方案": "Plan",
    "号": "",
}
DIGITS = "零一二三四五六七八九"
ARTICLE = re.compile(r"第([零一二三四五六七八九十百]+)条")
PUNCTUATION = str.maketrans({"（": " (", "）": ")", "〔": " [", "〕": "] ", "，": ", "})


@dataclass(frozen=True)
class ClauseLink:
    """For `{% clause %}`: an article of law has no address here."""

    reference: str
    quotation: str = ""
    url: str = ""


def anchor(clause_id: str) -> str:
    """The id of a paragraph on the plan page: `一-1` is `c-一-1`, `二(一)2` is `c-二-一-2`."""
    return "c-" + clause_id.replace("(", "-").replace(")", "-").strip("-")


def clause_link(clause_id: str, plan: Plan, quotation: str = "") -> ClauseLink:
    """The link of a clause; paragraphs of the plan can be opened in its text."""
    if clause_id not in plan.clauses:
        return ClauseLink(law_reference(clause_id), quotation)
    url = f"{reverse('portal:plan')}#{anchor(clause_id)}"
    return ClauseLink(_("方案 %(clause)s") % {"clause": clause_id}, quotation, url)


def law_reference(clause: str) -> str:
    """An article of law in the reader's language: `行政许可法 第三十二条` is
    `Administrative Licensing Law art. 32`."""
    if chinese():
        return clause
    text = ARTICLE.sub(lambda found: f" art. {numeral(found[1])}", clause)
    for name, english in LAWS.items():
        text = text.replace(name, english)
    return " ".join(text.translate(PUNCTUATION).replace(" )", ")").split())


def numeral(text: str) -> int:
    """A Chinese numeral below a thousand: 三十二 is 32, 十一 is 11, 一百八十 is 180."""
    total, digit = 0, 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS.index(char)
        else:
            total += (digit or 1) * {"十": 10, "百": 100}[char]
            digit = 0
    return total + digit
