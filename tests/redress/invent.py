"""Values for columns that another county has and the samples have not: synthetic persons, days, numbers and words."""

from __future__ import annotations

import random
import re

from tests.redress.cells import Value

_FAMILY, _GIVEN = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
_TOWNS = ("城关镇", "太平乡", "清河镇", "双桥街道")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(rng: random.Random) -> str:
    """A synthetic ID number: right check digit, sequence digits that are not issued."""
    body = f"110101{rng.randint(1950, 2004)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(900, 995)}"
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True)) % 11]


def name(rng: random.Random) -> str:
    """A made-up name."""
    return rng.choice(_FAMILY) + "".join(rng.sample(_GIVEN, rng.randint(1, 2)))


def value(header: str, period: str, row: int, rng: random.Random) -> Value:
    """Something that would stand under a header; about a fifth of the cells is empty."""
    text = "".join(header.split())
    if re.search(r"^(?:序号|编号)$", text):
        return row
    if rng.random() < 0.2:
        return None
    year, month = (int(p) for p in period.split("-"))
    for pattern, make in (
        (r"身份证(?!到期|有效|类型)|证件号|公民身份", lambda: id_number(rng)),
        (r"证件类型|身份证类型", lambda: "居民身份证"),
        (r"电话|手机", lambda: f"199000{rng.randint(10000, 99999)}"),
        (r"账号|折号|卡号|折（卡）号", lambda: f"629999{rng.randint(10**12, 10**13 - 1)}"),
        (r"月份|年月|截止月|到期月|结束月|终止月", lambda: f"{year}年{rng.randint(1, month)}月"),
        (r"日期|时间|到期日|有效期", lambda: f"{year}-{rng.randint(1, month):02d}-{rng.randint(1, 28):02d}"),
        (r"年度|年份", lambda: year),
        (r"金额|收入|元|工资|补贴|合计|手续费|报酬|支出|费", lambda: rng.randint(10, 900)),
        (r"年龄|工龄|人口|面积|亩|期限", lambda: rng.randint(2, 80)),
        (r"编号|文号|流水号|凭证号|柜员号|证号|联行号", lambda: f"{rng.choice('ABCD')}{year}{rng.randint(1000, 9999)}"),
        (r"民族", lambda: "汉族"),
        (r"性别", lambda: rng.choice("男女")),
        (r"是否|危房", lambda: rng.choice("是否")),
        (r"乡镇|镇街|街道|乡（镇|^镇$|^乡$", lambda: rng.choice(_TOWNS)),
        (r"^(?:村|行政村|村居|村委会|村（社区）)$", lambda: rng.choice(("东村村", "河口村", "新民村"))),
        (r"县|市|州", lambda: "某县"),
        (r"组|屯|自然村|社（", lambda: rng.choice(("一组", "二组", "三组"))),
        (r"地址|住址", lambda: f"{rng.randint(1, 9)}组{rng.randint(1, 99)}号"),
        (r"关系", lambda: rng.choice(("子女", "侄子", "邻居"))),
        (r"姓名|人$|干部|主任|员$|户主|书记|户名|队长|楼栋长|领导|专干|亲属|干事", lambda: name(rng)),
    ):
        if re.search(pattern, text):
            return make()
    return rng.choice(("正常", "已核", "无", "另附"))
