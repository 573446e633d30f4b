"""Sheets as HTML named .xls, and as SpreadsheetML 2003: what export buttons of government systems write."""

from __future__ import annotations

import datetime as dt
from html import escape
from pathlib import Path

from tests.redress.cells import Cell, shown
from tests.redress.layout import Placed


def write_html(sheet: Placed, path: Path, encoding: str = "utf-8") -> None:
    """One table; header cells as th, merges as spans."""
    covered: set[tuple[int, int]] = set()
    spans: dict[tuple[int, int], str] = {}
    for r1, c1, r2, c2 in sheet.merged:
        spans[r1, c1] = f' rowspan="{r2 - r1 + 1}" colspan="{c2 - c1 + 1}"'
        covered |= {(r, c) for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)} - {(r1, c1)}
    heads = {r for a, b in sheet.heads for r in range(a, b + 1)}
    rows = []
    for r, row in enumerate(sheet.rows(), 1):
        tag = "th" if r in heads else "td"
        cells = "".join(f"<{tag}{spans.get((r, c), '')}>{_text(cell)}</{tag}>" for c, cell in enumerate(row, 1) if (r, c) not in covered)
        rows.append(f"<tr>{cells}</tr>")
    text = (
        f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type" content="text/html; '
        f'charset={encoding}"></head><body><table border="1">\n' + "\n".join(rows) + "\n</table></body></html>\n"
    )
    path.write_bytes(text.encode(encoding))


def _text(cell: Cell) -> str:
    text = escape(shown(cell)).replace("\n", "<br>")
    inner = text.strip(" ")
    before = len(text) - len(text.lstrip(" "))
    after = len(text) - len(text.rstrip(" ")) if inner else 0
    return "&nbsp;" * before + inner.replace("  ", "&nbsp; ") + "&nbsp;" * after


def write_spreadsheetml(sheets: list[Placed], path: Path) -> None:
    """Excel 2003 XML."""
    body = "".join(_worksheet(s) for s in sheets)
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<Styles><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style></Styles>' + body + "</Workbook>\n",
        "utf-8",
    )


def _worksheet(sheet: Placed) -> str:
    merged = {(r1, c1): f' ss:MergeAcross="{c2 - c1}" ss:MergeDown="{r2 - r1}"' for r1, c1, r2, c2 in sheet.merged}
    covered = {(r, c) for r1, c1, r2, c2 in sheet.merged for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)} - set(merged)
    columns = "".join(f'<Column ss:Index="{c}" ss:Hidden="1"/>' for c in sorted(sheet.hidden_columns))
    by_row: dict[int, list[str]] = {}
    for (r, c), cell in sorted(sheet.cells.items()):
        if (r, c) not in covered:
            by_row.setdefault(r, []).append(_data(c, cell, merged.get((r, c), "")))
    rows = "".join(
        f'<Row ss:Index="{r}"{" ss:Hidden=" + chr(34) + "1" + chr(34) if r in sheet.hidden_rows else ""}>{"".join(cells)}</Row>'
        for r, cells in by_row.items()
    )
    state = (
        ""
        if sheet.state == "visible"
        else '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>'
    )
    return f'<Worksheet ss:Name="{escape(sheet.name)}"><Table>{columns}{rows}</Table>{state}</Worksheet>'


def _data(column: int, cell: Cell, merged: str) -> str:
    value, kind, style = cell.value, "String", ""
    if cell.error:
        kind = "Error"
    elif isinstance(value, bool):
        kind, value = "Boolean", int(value)
    elif isinstance(value, int | float):
        kind = "Number"
    elif isinstance(value, dt.date):
        kind, style = "DateTime", ' ss:StyleID="d"'
        value = value.strftime("%Y-%m-%dT00:00:00.000")
    formula = "" if cell.formula is None else f' ss:Formula="{escape(cell.formula)}"'
    text = escape(str(value if value is not None else "")).replace("\n", "&#10;")
    return f'<Cell ss:Index="{column}"{merged}{style}{formula}><Data ss:Type="{kind}">{text}</Data></Cell>'
