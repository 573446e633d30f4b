"""What staff write beside the rows of a list: totals, notes, signatures, statements that there is nobody. All take squeezed text."""

from __future__ import annotations

import re

from contracts.values.text import squeeze

_TOTAL = re.compile(
    r"(?:.{0,10}(?:小计|合计|总计|共计|累计|总数|合计数)|计|汇总|全[县镇乡村]汇总)"
    r"(?:[:：]?[(（]?[0-9.,一二三四五六七八九十百千万]*[)）]?(?:户|人|个|笔|条|元)?[(（)）、,，;；]*){0,6}"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|注意|注意事项|填表说明|填报说明|填写说明|填报要求|政策依据|★|提示|附)(?:[:：0-9一1、.※]|$)|※|注意|\*注"
    r"|以下(?:空白|无正文|无内容)|(?:此|本)(?:页|表)(?:以下)?(?:无正文|空白|一式)|[(（]?本页(?:完|无内容)|[—-]+完[—-]+"
)
_LABEL = re.compile(
    r"(?:(?:填表|制表|审核|复核|负责|经办|填报|报送|单位负责|分管领导|分管负责|主要领导|主要负责|镇长|乡长|主任|站长|民政办|联系|统计|审批|上报|打印|导出|校对|录入|签字|签名)"
    r"(?:人员|人|单位|日期|时间|电话|领导|方式|负责人|意见)?(?:[(（]?(?:签字|签名|盖章|签章|公章)[)）]?){0,2}|日期|时间|单位|电话|盖章|签字|签名|公章|年月日"
    r"|负责人|经办人|领导)"
)
_NIL = re.compile(
    r"(?:暂|均|尚|暂时)?(?:无|没有)(?:人员|对象|数据|情况|内容|此项|此类|该类|记录)?"
    r"|.{0,20}(?:本月|本期|当月|本次|本季度|本年度?)(?:暂|均|确)?(?:无|没有).{0,20}"
    r"|(?:.{0,30}[月期次镇乡道县村区度位内份查实,])?(?:我|本|全|该)?(?:暂时?|均|确|尚)?(?:无|没有|未发现|未出现|未有|未发生)"
    r"(?:新增|变化|变动|调整|异动|增减|符合|退出|减少|死亡|相关|上报|应报|可报|此类|该类|新发生|拟新增)(?:[一-鿿、]{0,14})?"
)
_REPORT = re.compile(r".{0,40}(?:零报告|零上报|0报告).{0,10}")
_NAMED = re.compile(r"[㐀-鿿\U00020000-\U0003ffff\ue000-\uf8ff·•‧・．∙･A-Za-z]{2,30}")
_EXAMPLE = re.compile(r"[(（]?(?:填写|填表)?(?:示例|样例|范例|例子|例如|例|举例)[:：]?[)）]?[0-9]?")
_MONTHLESS = ("无", "零报告")


def is_total(text: str) -> bool:
    """小计, 合计：25户68人, 朝阳镇小计; not 小计划."""
    return bool(text) and bool(_TOTAL.fullmatch(text))


def is_note(text: str) -> bool:
    """注：…, 说明：…, 以下空白."""
    return bool(_NOTE.match(text))


def is_label(text: str) -> bool:
    """A label of a signature line: 填表人, 审核人：张三, 2023年3月30日."""
    flat = text.replace("：", ":")
    head, colon, rest = flat.partition(":")
    if colon and (not rest or _LABEL.fullmatch(head)):
        return True
    return bool(_LABEL.fullmatch(flat)) or bool(re.fullmatch(r"[0-9]{4}[年./-][0-9]{1,2}[月./-](?:[0-9]{1,2}日?)?", flat))


def is_name(text: str) -> bool:
    """Whether a text could be a person's name."""
    return bool(_NAMED.fullmatch(text))


def is_example(text: str) -> bool:
    """A word that says that the row shows how to fill in the list."""
    return bool(_EXAMPLE.fullmatch(text))


def says_nil(text: str) -> bool:
    """Whether a text is an explicit empty report (零报告)."""
    flat = squeeze(text).strip("()（）。.!！、")
    return flat in _MONTHLESS or bool(_NIL.fullmatch(flat)) or bool(_REPORT.fullmatch(flat))
