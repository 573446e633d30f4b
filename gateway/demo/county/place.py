"""The county's towns and villages. Town names and codes are public; villages are made up (as the samples' are)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Place:
    """A county.

    Attributes:
        code: six digits.
        towns: name and middle three digits of its code; the first is the seat, whose villages are communities (社区).
    """

    code: str
    name: str
    city: str
    province: str
    towns: tuple[tuple[str, str], ...]


LIBO = Place(
    "522722", "荔波县", "黔南州", "贵州省",
    (("玉屏街道", "001"), ("朝阳镇", "100"), ("茂兰镇", "101"), ("甲良镇", "102"), ("佳荣镇", "103"), ("小七孔镇", "104"),
     ("瑶山瑶族乡", "200"), ("黎明关水族乡", "201")),
)

_COMMUNITIES = ("城东", "城西", "樟江", "时来", "水春", "向阳", "兴隆", "民生", "南门", "北门")
_FIRST = ("新", "董", "拉", "甲", "洞", "坡", "板", "尧", "巴", "翁", "水", "平")
_SECOND = ("寨", "麦", "利", "岜", "塘", "洋", "桥", "瑶", "坪", "亮")
_VILLAGES_A_TOWN = 11


def villages(place: Place) -> pl.DataFrame:
    """village_code (12 digits), village, town, urban (Boolean), in the order of the codes.

    Names come from few syllables, so that the same village name stands in several towns, as it does in real counties.
    """
    rows: list[tuple[str, str, str, bool]] = []
    for number, (town, middle) in enumerate(place.towns):
        if number == 0:
            rows += [(f"{place.code}{middle}{i + 1:03d}", f"{word}社区", town, True) for i, word in enumerate(_COMMUNITIES)]
            continue
        for i in range(_VILLAGES_A_TOWN):
            name = _FIRST[(i * 5 + number) % len(_FIRST)] + _SECOND[(i * 3 + number // 2) % len(_SECOND)]
            rows.append((f"{place.code}{middle}{200 + i:03d}", f"{name}村", town, False))
    schema = {"village_code": pl.String, "village": pl.String, "town": pl.String, "urban": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def area_table(place: Place) -> pl.DataFrame:
    """The county's village table as its file carries it: 区划代码, 名称, 级别, 上级代码, 城乡分类."""
    rows = [(f"{place.code}000000", place.name, "县", f"{place.code[:4]}00000000", "")]
    table = villages(place)
    for town, middle in place.towns:
        parent = f"{place.code}{middle}000"
        rows.append((parent, town, "乡级", f"{place.code}000000", ""))
        rows += [
            (code, name, "村级", parent, "112" if urban else "220")
            for code, name, urban in table.filter(pl.col("town") == town).select("village_code", "village", "urban").iter_rows()
        ]
    return pl.DataFrame(rows, schema=["区划代码", "名称", "级别", "上级代码", "城乡分类"], orient="row")
