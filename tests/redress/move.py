"""Truth moved along with its cells."""

from __future__ import annotations

from collections.abc import Callable

from tests.redress.cells import Cell, letters, place_of
from tests.redress.document import Document
from tests.redress.layout import Layout, Place, Stand
from tests.redress.load import source
from tests.redress.truths import Accepted, Marked, Part, PartColumn, Rejected, TableTruth, Truth

TEXT = frozenset({"csv", "txt", "html"})
"""Forms that keep neither types nor formulas nor what is hidden."""


def move(truth: Truth, document: Document, layout: Layout, form: str, file: str) -> Truth:
    """The truth of a file that was laid out anew.

    Args:
        truth: of the sample, or of several joined (`join`); form: how it is written; file: its new name.
    """
    moved = truth.copy()
    to = _mover(truth, layout, form)
    moved["file"], moved["format"] = file, {"txt": "csv", "xml": "xls"}.get(form, form)
    moved["findings"] = [m for f in truth["findings"] for m in to(f)] + _strange(layout)
    moved["notes"] = [m for n in truth["notes"] for m in to(n)]
    moved["tables"] = [_table(t, layout, form, _file_of(t, truth)) for t in truth["tables"]]
    moved["sheets"] = [{"name": s.name, "state": s.state, "data": bool(s.tables)} for s in document.sheets]
    if truth["verdict"] in ("CLEAN", "ACCEPT"):
        sure = [f for f in moved["findings"] if not f.get("optional")]
        moved["verdict"] = "ACCEPT" if sure else truth["verdict"] if moved["findings"] else "CLEAN"
    return moved


def join(first: Truth, second: Truth) -> Truth:
    """The truth of two files' lists in one file, sent as the first one's list."""
    joined = first.copy()
    for key in ("rows_expected", "accepted_count", "rejected_count"):
        joined[key] = first[key] + second[key]
    joined["findings"] = [*first["findings"], *second["findings"]]
    joined["notes"] = [*first["notes"], *second["notes"]]
    joined["tables"] = [*first["tables"], *second["tables"]]
    share = joined["rejected_count"] / max(joined["rows_expected"], 1)
    joined["bad_share"] = share
    verdict = "HOLD" if share > 0.05 else "ACCEPT_PARTIAL" if share else "ACCEPT" if joined["findings"] else "CLEAN"
    joined["verdict"] = verdict
    return joined


def tag(truth: Truth) -> Truth:
    """Sheets named with their file, as origins are, so that truths of several files can be joined."""
    file = truth["file"]
    tagged = truth.copy()
    tagged["findings"] = [_tagged(f, file) for f in truth["findings"]]
    tagged["notes"] = [_tagged(n, file) for n in truth["notes"]]
    tagged["tables"] = [{**t, "sheet": source(file, t["sheet"])} for t in truth["tables"]]
    return tagged


def _tagged(marked: Marked, file: str) -> Marked:
    return marked if marked.get("sheet") is None else {**marked, "sheet": source(file, marked["sheet"])}


def _file_of(table: TableTruth, truth: Truth) -> str:
    return table["sheet"].partition("!")[0] or truth["file"]


def _mover(truth: Truth, layout: Layout, form: str) -> Callable[[Marked], list[Marked]]:
    """A finding or note -> the same at its new places, none when its cell is gone."""
    lost = {"hidden_row", "hidden_column", "hidden_sheet", "number_could_be_01_or_10"} if form in TEXT else set()
    visible = {(s.name, c) for s in layout.sheets for c in range(1, s.width + 1) if c not in s.hidden_columns}
    hidden = {(s.name, r) for s in layout.sheets for r in s.hidden_rows}

    def to(marked: Marked) -> list[Marked]:
        sheet, cell, kind = marked.get("sheet"), marked.get("cell"), marked.get("kind", "")
        if sheet is None or kind in lost:
            return [marked] if sheet is None else []
        if cell is None:
            return [{**marked, "sheet": sheet.partition("!")[2]}]
        row, column = place_of(cell)
        if kind == "hidden_row":
            place = layout.rows.get((sheet, row))
            return [{**marked, "sheet": place[0], "cell": f"A{place[1]}"}] if place in hidden and place else []
        places: list[Place] = layout.headers.get((sheet, row, column), [])
        if kind == "hidden_column":
            places = [p for p in places if (p[0], p[2]) not in visible]
        elif (sheet, row, column) in layout.cells:
            places = [layout.cells[sheet, row, column]]
        return [_changed({**marked, "sheet": s, "cell": f"{letters(c)}{r}"}, form) for s, r, c in places]

    del truth
    return to


def _changed(marked: Marked, form: str) -> Marked:
    """Text has no formulas: what was one is an error text there."""
    if form in TEXT and marked.get("code") == "E-FILE-FORMULA":
        return {**marked, "code": "E-CELL", "alt_codes": ["E-REQ"], "raw": {"error": "#REF!"}}
    return marked


def _strange(layout: Layout) -> list[Marked]:
    """Remarks about columns that the redresser added and nobody knows."""
    return [
        {
            "sheet": part.sheet,
            "cell": f"{letters(at)}{part.header_of[column.key]}",
            "code": "E-FILE-COL",
            "severity": "warning",
            "action": "warn",
            "kind": "unknown_column",
            "raw": column.levels[-1],
            "optional": column.strange == "perhaps",
        }
        for part in layout.parts
        if part.table.style.shown
        for column, at in part.columns
        if column.strange
    ]


def _table(truth: TableTruth, layout: Layout, form: str, file: str) -> TableTruth:
    key = truth["sheet"]
    parts = [p for p in layout.parts if p.table.feed == truth["feed"] and _from(p, file)]
    kept = {c.field for p in parts for c, _ in p.columns}
    had = {c["field"] for p in truth["parts"] for c in p["columns"]}
    gone = {f for f in had - kept if f}
    fields = truth["accepted"]["fields"]
    rows: list[list[object]] = []
    for values in truth["accepted"]["rows"]:
        row = dict(zip(fields, values, strict=True))
        sheet, number = layout.rows[key, int(str(row["_row"]))]
        new: dict[str, object] = {"_sheet": sheet, **{f: None if f in gone else v for f, v in row.items() if f != "_sheet"}, "_row": number}
        rows.append(list(new.values()))
    rejected: Rejected = {"count": truth["rejected"]["count"], "rows": []}
    for bad in truth["rejected"]["rows"]:
        sheet, number = layout.rows[key, bad["row"]]
        codes = ["E-CELL" if c == "E-FILE-FORMULA" and form in TEXT else c for c in bad["codes"]]
        rejected["rows"].append({"sheet": sheet, "row": number, "codes": codes})
    accepted: Accepted = {"fields": ["_sheet", *(f for f in fields if f != "_sheet")], "rows": rows}
    _resolve_months(accepted, layout, truth, form)
    first = parts[0].sheet if parts else key.partition("!")[2]
    return {**truth, "sheet": first, "parts": [_part(p) for p in parts], "accepted": accepted, "rejected": rejected}


def _from(part: Stand, file: str) -> bool:
    lines = part.table.lines
    return any(line.origin and line.origin[0].startswith(file + "!") for line in lines) or not lines


def _part(part: Stand) -> Part:
    columns: list[PartColumn] = []
    for column, at in part.columns:
        described: PartColumn = {"col": letters(at), "header": column.levels[-1], "field": column.field}
        if len(column.levels) > 1:
            described["group"] = column.levels[0]
        columns.append(described)
    return {
        "sheet": part.sheet,
        "header_rows": part.header_rows,
        "first_row": part.first_row,
        "last_row": part.last_row,
        "columns": columns,
    }


def _resolve_months(accepted: Accepted, layout: Layout, truth: TableTruth, form: str) -> None:
    """A number 2022.1 may be January or October; the text 2022.1, which it becomes in a text file, is January (rule 11)."""
    if form not in TEXT:
        return
    months: dict[tuple[str, int], dict[str, str]] = {}
    for part in layout.parts:
        for line in part.table.data:
            for column in part.table.columns:
                value = line.cells.get(column.key, Cell()).value
                month = isinstance(value, float) and 1900 < value < 2100 and not value.is_integer()
                if month and column.field and column.field.endswith("month") and line.origin:
                    year, _, rest = f"{value}".partition(".")
                    months.setdefault(layout.rows[line.origin], {})[column.field] = f"{year}-{int(rest):02d}"
    fields = accepted["fields"]
    for row in accepted["rows"]:
        for name, text in months.get((str(row[0]), int(str(row[fields.index("_row")]))), {}).items():
            if truth["feed"] == "MARGIN_PERSON":
                row[fields.index(name)] = text
