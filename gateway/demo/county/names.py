"""Names of invented people."""

from __future__ import annotations

import polars as pl

from gateway.demo.county.draws import Draws

_SURNAMES = {
    "韦": 12, "潘": 9, "何": 8, "蒙": 8, "覃": 7, "莫": 7, "姚": 5, "吴": 5, "黎": 4, "陆": 4, "罗": 4, "梁": 4, "杨": 4, "石": 3,
    "王": 3, "李": 3, "陈": 3, "黄": 3, "岑": 2, "欧": 2, "柏": 2, "邓": 2, "周": 2, "白": 1, "欧阳": 1, "上官": 1,
}
_MALE = "军胜光富贵辉龙强明志福建兴国忠平祥永华生海金友德俊文昌荣庆武"
_FEMALE = "英秀花珍妹莲菊琴霞香梅兰玉丽凤群雅欣燕云芳桂彩美芬娥春仙素琼"
_DOTTED = ("阿依古丽·艾山", "买买提·吐尔逊", "帕提古丽·玉素甫", "扎西·次仁")
_RARE = ("㛃", "䶮", "珺", "翀")


def name(draws: Draws, on: pl.Expr, surname: pl.Expr, male: pl.Expr) -> pl.Expr:
    """Surname and one or two characters; a few with a middle dot, a few with a character that old code pages lack."""
    men = [a + b for a in _MALE for b in _MALE if a != b] + list(_MALE) * 12
    women = [a + b for a in _FEMALE for b in _FEMALE if a != b] + list(_FEMALE) * 12
    given = pl.when(male).then(draws.pick("given m", on, men)).otherwise(draws.pick("given f", on, women))
    plain = pl.concat_str(surname, given)
    kind = draws.below("odd name", on, 4000)
    return (
        pl.when(kind == 0).then(draws.pick("dotted", on, _DOTTED))
        .when(kind == 1).then(pl.concat_str(surname, draws.pick("rare", on, _RARE)))
        .otherwise(plain)
    )


def surname(draws: Draws, label: str, on: pl.Expr) -> pl.Expr:
    """A surname of the region."""
    return draws.weighted(f"surname {label}", on, _SURNAMES)
