"""Sheets as .xlsx (ECMA-376), with formulas and their results, error cells, merges and what is hidden."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tests.redress.cells import Cell, letters
from tests.redress.layout import Placed

_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'<styleSheet xmlns="{_NS}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def write_xlsx(sheets: list[Placed], path: Path) -> None:
    """Write a workbook; texts lie in one shared table."""
    texts: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for number, sheet in enumerate(sheets, 1):
            package.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(sheet, texts))
        shared = "".join(f'<si><t xml:space="preserve">{escape(t)}</t></si>' for t in texts)
        package.writestr("xl/sharedStrings.xml", f'{_HEAD}<sst xmlns="{_NS}" uniqueCount="{len(texts)}">{shared}</sst>')
        package.writestr("xl/styles.xml", _HEAD + _STYLES)
        package.writestr("xl/workbook.xml", _workbook(sheets))
        package.writestr("xl/_rels/workbook.xml.rels", _relations(len(sheets)))
        package.writestr(
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr("[Content_Types].xml", _types(len(sheets)))


def _types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in range(1, sheets + 1))
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{parts}'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>'
    )


def _relations(sheets: int) -> str:
    parts = "".join(f'<Relationship Id="rId{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in range(1, sheets + 1))
    return (
        f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{parts}'
        f'<Relationship Id="rId{sheets + 1}" Type="{_REL}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId{sheets + 2}" Type="{_REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )


def _workbook(sheets: list[Placed]) -> str:
    states = ["" if s.state == "visible" else f" state={quoteattr(s.state)}" for s in sheets]
    entries = "".join(
        f'<sheet name={quoteattr(s.name or "Sheet1")} sheetId="{n}"{state} r:id="rId{n}"/>'
        for n, (s, state) in enumerate(zip(sheets, states, strict=True), 1)
    )
    return f'{_HEAD}<workbook xmlns="{_NS}" xmlns:r="{_REL}"><sheets>{entries}</sheets></workbook>'


def _sheet(sheet: Placed, texts: dict[str, int]) -> str:
    columns = "".join(f'<col min="{c}" max="{c}" width="9" hidden="1"/>' for c in sorted(sheet.hidden_columns))
    by_row: dict[int, list[str]] = {}
    for (r, c), cell in sorted(sheet.cells.items()):
        by_row.setdefault(r, []).append(_cell(f"{letters(c)}{r}", cell, texts))
    rows = "".join(
        f'<row r="{r}"{" hidden=" + quoteattr("1") if r in sheet.hidden_rows else ""}>{"".join(cells)}</row>' for r, cells in by_row.items()
    )
    merged = "".join(f'<mergeCell ref="{letters(c1)}{r1}:{letters(c2)}{r2}"/>' for r1, c1, r2, c2 in sheet.merged)
    return (
        f'{_HEAD}<worksheet xmlns="{_NS}">{f"<cols>{columns}</cols>" if columns else ""}<sheetData>{rows}</sheetData>'
        f"{f'<mergeCells>{merged}</mergeCells>' if merged else ''}</worksheet>"
    )


def _cell(at: str, cell: Cell, texts: dict[str, int]) -> str:
    value = cell.value
    formula = "" if cell.formula is None else f"<f>{escape(cell.formula.removeprefix('='))}</f>"
    if cell.error:
        return f'<c r="{at}" t="e">{formula}<v>{value}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{at}" t="b">{formula}<v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{at}">{formula}<v>{value!r}</v></c>'
    if isinstance(value, dt.date):
        return f'<c r="{at}" s="1">{formula}<v>{serial(value)}</v></c>'
    if formula:
        return f'<c r="{at}" t="str">{formula}<v>{escape(str(value or ""))}</v></c>'
    number = texts.setdefault(str(value), len(texts))
    return f'<c r="{at}" t="s"><v>{number}</v></c>'


def serial(value: dt.date) -> float:
    """A day as spreadsheets count them."""
    moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001  a day as such
    return (moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)  # noqa: DTZ001  likewise
