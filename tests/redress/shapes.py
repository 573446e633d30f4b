"""Shapes that the same rows take: printed pages, subtotals, signatures, blank lines, parts on several sheets."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby

from tests.redress.cells import Cell
from tests.redress.document import Column, Document, Line, Sheet, Table
from tests.redress.invent import name
from tests.redress.wording import gather_groups, labels

_DROPPABLE = frozenset(
    {
        "phone",
        "address",
        "cert_no",
        "bank_account",
        "bank_name",
        "bank_account_name",
        "remark",
        "class_amount",
        "class_household",
        "class_person",
        "hukou_type",
        "labour_skill",
        "income_year",
        "former_unit",
        "work_start",
        "relief_type",
        "place",
        "cremation_date",
        "issued_on",
        "valid_to",
        "fail_reason",
        "balance",
        "measures",
        "risk",
        "illness",
        "materials",
        "guardian_relation",
        "payee_relation",
        "health",
        "reason",
        "sex",
        "birth_date",
    }
)
"""Fields whose absence changes nothing but their own value and the remarks on it."""


def shuffle(table: Table, rng: random.Random) -> None:
    """Columns in another order; the pair before a review stays before the pair after it, members' names before their numbers."""
    columns = list(table.columns)
    rng.shuffle(columns)
    for first, second in (("covered_before", "covered_after"), ("amount_before", "amount_after")):
        a = next((i for i, c in enumerate(columns) if c.field == first), None)
        b = next((i for i, c in enumerate(columns) if c.field == second), None)
        if a is not None and b is not None and a > b:
            columns[a], columns[b] = columns[b], columns[a]
    table.columns = columns
    gather_groups(table)
    labels(table)


def drop(table: Table, rng: random.Random, rejecting: Callable[[Column], bool]) -> None:
    """Leave out some columns that are not needed and in which no row was rejected."""

    def stays(column: Column) -> bool:
        noted = table.feed == "REVIEW_DIBAO" and column.field == "remark"  # a single-person case is noted there
        needed = column.field is not None and column.field not in _DROPPABLE
        return noted or needed or rejecting(column) or rng.random() < 0.5

    table.columns = [c for c in table.columns if stays(c)]
    labels(table)


def serial(table: Table) -> None:
    """A column of serial numbers at the left."""
    if any("".join(c.levels[-1].split()) in ("序号", "编号") for c in table.columns):
        return
    column = Column(table.new_key(), ("序号",), None, None, strange="perhaps")
    table.columns.insert(0, column)
    for number, line in enumerate(table.data, 1):
        line.cells[column.key] = Cell(number)


def empty_column(table: Table, rng: random.Random) -> None:
    """A column with nothing in it, between two others of no group."""
    at = rng.randint(1, len(table.columns) - 1)
    if len(table.columns[at].levels) == 1:
        table.columns.insert(at, Column(table.new_key(), ("",), None, None))


def spaced(table: Table, rng: random.Random) -> None:
    """White space and line breaks inside the header's texts."""

    def apart(text: str) -> str:
        if len(text) < 2:
            return text
        at = rng.randint(1, len(text) - 1)
        return text[:at] + rng.choice(("\n", " ", "\u3000", "  ")) + text[at:]

    table.columns = [replace(c, levels=tuple(apart(t) if rng.random() < 0.4 else t for t in c.levels)) for c in table.columns]
    gather_groups(table)


def deeper(table: Table, period: str, rng: random.Random) -> None:
    """More rows above the header, a blank row before it."""
    year, month = period.split("-")
    more = [
        ["单位：元"],
        ["填报单位（盖章）：某县民政局", "填表人：" + name(rng)],
        [f"填报时间：{year}年{int(month)}月25日"],
        ["制表单位：县社会救助事务中心", "联系电话：19900012345", "单位：元、人"],
        ["说明：本表由各乡镇（街道）填报，不得擅自增删栏目。"],
    ]
    table.above = [*table.above, *rng.sample(more, rng.randint(1, 3))]
    table.style.gap = rng.randint(0, 1)


def shallow(table: Table) -> None:
    """No title at all."""
    if table.feed != "MONITOR_TOWN":
        table.above = []


def numbered(table: Table) -> None:
    """A row 1 2 3 … under the header."""
    table.style.numbers = True


def group(table: Table, rng: random.Random) -> None:
    """One more header level over some neighbouring columns, as forms group them."""
    if any(len(c.levels) > 1 for c in table.columns) or len(table.columns) < 6:
        return
    spots = {
        "家庭住址信息": {"town", "village", "address", "village_code"},
        "残疾情况": {"disabled", "disability_cert_no", "disability_type", "disability_level"},
        "救助金额": {"household_amount", "class_amount", "total_amount", "class_household", "class_person", "basic_amount", "care_amount"},
        "发放信息": {"bank_name", "bank_account", "bank_account_name", "account_no", "account_name"},
    }
    for upper, fields in spots.items():
        mine = [c for c in table.columns if c.field in fields]
        if len(mine) > 1 and rng.random() < 0.8:
            table.columns = [replace(c, levels=(upper, *c.levels)) if c in mine else c for c in table.columns]
    gather_groups(table)


def _free(table: Table) -> Iterable[int]:
    """Positions between lines at which nothing merged is cut."""
    at = {id(line): i for i, line in enumerate(table.lines)}
    inside = {i for _, a, b in table.merges for i in range(at[id(a)] + 1, at[id(b)] + 1)}
    return (i for i in range(1, len(table.lines)) if i not in inside)


def pages(table: Table, every: int = 30) -> None:
    """The header again every so many rows, as printed pages have it."""
    free = set(_free(table))
    depth = max(len(c.levels) for c in table.columns)
    lines: list[Line] = []
    since = 0
    for i, line in enumerate(table.lines):
        if since >= every and i in free and line.kind == "data":
            lines += [Line("header", {}, level=level) for level in range(depth)]
            since = 0
        lines.append(line)
        since += line.kind == "data"
    table.lines = lines


def blanks(table: Table, rng: random.Random) -> None:
    """Blank rows here and there."""
    free = list(_free(table))
    for i in sorted(rng.sample(free, min(len(free), 4)), reverse=True):
        table.lines.insert(i, Line("blank", {}))


def subtotals(table: Table) -> None:
    """A row of subtotals after each town."""
    town = table.column_of("town")
    if town is None or table.merges:
        return
    lines: list[Line] = []
    for key, run in _runs(table, town):
        lines += run
        if key:
            count = sum(line.kind == "data" for line in run)
            total = next((c for c in table.columns[2:] if c.field and ("amount" in c.field or "size" in c.field)), None)
            cells = {table.columns[0].key: Cell("小计"), **({total.key: Cell(count * 300)} if total else {})}
            lines.append(Line("other", cells))
    table.lines = lines


def _runs(table: Table, town: Column) -> list[tuple[str, list[Line]]]:
    def key(line: Line) -> str:
        return str(line.cells[town.key].value or "") if line.kind == "data" else ""

    return [(k, list(v)) for k, v in groupby(table.lines, key)]


def foot(table: Table, rng: random.Random) -> None:
    """A total, notes and signatures below."""
    keys = [c.key for c in table.columns]
    people = len(table.data)
    table.lines += [
        Line("other", {keys[0]: Cell("合计"), keys[min(3, len(keys) - 1)]: Cell(people)}),
        Line("blank", {}),
        Line("other", {keys[0]: Cell("注：1.本表一式两份；2.身份证号码须为18位。")}),
        Line(
            "other",
            {
                keys[0]: Cell(f"填表人：{name(rng)}"),
                keys[min(2, len(keys) - 1)]: Cell(f"审核人：{name(rng)}"),
                keys[min(4, len(keys) - 1)]: Cell("联系电话：19900012345"),
            },
        ),
    ]


def merge_towns(table: Table) -> None:
    """A town is named once for its block, in a merged cell."""
    town = table.column_of("town")
    if town is None:
        return
    for key, run in _runs(table, town):
        mine = [line for line in run if line.kind == "data"]
        if key and len(mine) > 1:
            for line in mine[1:]:
                line.cells[town.key] = replace(line.cells[town.key], value=None)
            table.merges.append((town.key, mine[0], mine[-1]))


def split(document: Document, *, headers: bool) -> None:
    """One list over several sheets, by town where towns stand together; headers on each sheet or on the first alone."""
    sheets: list[Sheet] = []
    for sheet in document.sheets:
        if len(sheet.tables) != 1 or len(sheet.tables[0].data) < 20 or sheet.tables[0].merges:
            sheets.append(sheet)
            continue
        table = sheet.tables[0]
        for number, (title, lines) in enumerate(_chunks(table)):
            part = replace(table, columns=list(table.columns), lines=lines, style=replace(table.style))
            if number and not headers:
                part.style = replace(part.style, shown=False, gap=0, numbers=False)
                part.above = []
            sheets.append(Sheet(_free_name(title, sheets), sheet.state, [part]))
    document.sheets = sheets


def _free_name(title: str, sheets: list[Sheet]) -> str:
    names = {s.name for s in sheets}
    return next(n for n in (title, *(f"{title}{i}" for i in range(2, 99))) if n not in names)


def _chunks(table: Table) -> list[tuple[str, list[Line]]]:
    town = table.column_of("town")
    if town is not None:
        runs = _runs(table, town)
        data = [k for k, _ in runs if k]
        if 1 < len(data) <= 12 and len(set(data)) == len(data):
            chunks: list[tuple[str, list[Line]]] = []
            for key, run in runs:
                if key or not chunks:
                    chunks.append((key or "首页", run))
                else:
                    chunks[-1][1].extend(run)
            return chunks
    size = len(table.lines) // 3 + 1
    return [(f"第{'一二三'[n]}组", table.lines[i : i + size]) for n, i in enumerate(range(0, len(table.lines), size))]


def put_together(document: Document, *, beside: bool) -> None:
    """All lists of the file in one sheet, one below the other or side by side."""
    tables = document.tables
    for table in tables:
        table.columns = [replace(c, hidden=False) for c in table.columns]
        for line in table.lines:
            line.hidden = False if beside else line.hidden
        table.style.lead = 0
        if not table.above:
            table.above = [["名单"]]
        if beside:
            table.lines = [line for line in table.lines if line.kind != "other"]
    if beside:
        depth = max(len(t.above) + t.style.gap for t in tables)
        for table in tables:
            table.style.gap += depth - len(table.above) - table.style.gap
    rest = [s for s in document.sheets if not s.tables]
    document.sheets = [Sheet(document.sheets[0].name, "visible", tables, beside=beside), *rest]
