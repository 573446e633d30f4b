"""The files of a month: which lists stand in which file, under which titles, in which format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contracts.ids import Period
from gateway.demo.county.place import Place


@dataclass(frozen=True, slots=True)
class Table:
    """One list in a file.

    Attributes:
        sheet: sheet name, "" in a CSV.
        titles: rows above the header.
        levels: header rows, 1 or 2.
        total: whether a 合计 row ends it.
        notes: rows below.
        hidden_row: index of a data row that someone hid.
    """

    list: str
    sheet: str = ""
    titles: tuple[str, ...] = ()
    levels: int = 1
    total: bool = False
    notes: tuple[str, ...] = ()
    hidden_row: int | None = None

    @property
    def first_row(self) -> int:
        """Number of the first data row, as a spreadsheet program counts."""
        return len(self.titles) + self.levels + 1


@dataclass(frozen=True, slots=True)
class Book:
    """One file.

    Attributes:
        name: file name; `{y}`, `{m}`, `{mm}`, `{dd}` (last day) and `{county}` are filled in.
        encoding: of a CSV: "utf-8", "utf-8-sig" or "gb18030".
        first: month index of the first month that has such a file.
        hidden_sheet: name of a hidden sheet with old data, if someone left one.
    """

    name: str
    tables: tuple[Table, ...]
    format: Literal["xlsx", "csv"] = "csv"
    encoding: str = "utf-8-sig"
    first: int = 0
    hidden_sheet: str = ""

    def called(self, period: Period, place: Place) -> str:
        """The file's name for a month."""
        return filled(self.name, period, place)


def filled(text: str, period: Period, place: Place) -> str:
    """A title or name with month and county in it."""
    return text.format(y=period.year, m=period.month, mm=f"{period.month:02d}", dd=f"{period.end.day:02d}", county=place.name)


BOOKS: tuple[Book, ...] = (
    Book("{county}农村低保人员查询_{y}{mm}.csv", (Table("DIBAO_RURAL_PERSON"),)),
    Book("{county}农村低保家庭查询_{y}{mm}.csv", (Table("DIBAO_RURAL_HOUSEHOLD", titles=("{county}农村低保家庭查询（{y}年{m}月）",)),)),
    Book("{county}城市低保人员查询_{y}{mm}.csv", (Table("DIBAO_URBAN_PERSON"),), encoding="gb18030"),
    Book("{county}特困人员查询_{y}{mm}.xlsx", (Table(
        "TEKUN_PERSON", "特困", ("{county}特困人员救助供养花名册", "填报单位：{county}民政局", "所属月份：{y}年{m}月      单位：元/月"),
        total=True,
        notes=("备注：集中供养人员资金拨付至供养机构账户。",), hidden_row=5),), "xlsx"),
    Book("低保边缘家庭（荔波）{y}.{m}.xlsx", (
        Table("MARGIN_HOUSEHOLD", "家庭", ("低保边缘家庭名单", "{y}年{m}月"), total=True),
        Table("MARGIN_PERSON", "人员", ("低保边缘家庭人员名单", "", "注：身份证号请勿修改格式！！！"), total=True,
              notes=("※以上数据由各乡镇报送汇总，如有出入以乡镇为准",))), "xlsx", hidden_sheet="旧数据"),
    Book("{county}孤儿和事实无人抚养儿童信息表({y}年{m}月).xlsx", (Table(
        "CHILD", "儿童",
        ("{county}孤儿和事实无人抚养儿童基本信息表", "填报单位（盖章）：                     填报时间：{y}年{m}月{dd}日"), levels=2,
        notes=("注：父母情况按“死亡、失联、服刑在押、强制隔离戒毒、重残、重病、其他”填写。",)),), "xlsx"),
    Book("六十年代精减退职老职工花名册{y}.{mm}.csv", (Table("RETIREE"),), encoding="utf-8"),
    Book("防返贫监测对象信息导出{y}{mm}{dd}.xlsx", (Table("MONITOR_PERSON", "监测对象"),), "xlsx"),
    Book("{county}殡仪馆逝者名单{y}年{m}月.csv", (Table("DEATH", titles=("{county}殡仪馆逝者名单",)),)),
    Book("近一年退出低保对象名单（截至{y}{mm}）.xlsx", (Table("EXIT_REGISTER", "退出", ("近一年退出低保对象名单",)),), "xlsx"),
    Book("{y}年{m}月低保渐退户名单.xlsx", (Table("TAPER", "渐退户", ("{y}年{m}月农村低保渐退户名单",)),), "xlsx"),
    Book("{y}年{m}月社会救助动态调整表.xlsx", (Table("CHANGE_LIST", "{m}月", ("{county}{y}年{m}月社会救助对象动态调整表", "")),), "xlsx",
        first=1),
)
AREA_BOOK = "行政区划代码表_{code}.csv"


def shelf(code: str) -> tuple[Book, Table]:
    """Where a list stands.

    Raises:
        KeyError: no file of the county carries that list.
    """
    for book in BOOKS:
        for table in book.tables:
            if table.list == code:
                return book, table
    raise KeyError(code)
