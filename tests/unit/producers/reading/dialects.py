"""The same rows as every kind of file that programs and systems write; by hand where no library of ours writes it."""

from __future__ import annotations

import html
import struct
import zipfile
from base64 import encodebytes
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.unit.producers.reading.files import Row, table, xlsx


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (MS-CFB) with the given streams, each at least 4,096 bytes long."""
    sector = 512
    chunks = {n: b + b"\0" * (-max(len(b), 4096) % sector + max(0, 4096 - len(b))) for n, b in streams.items()}
    fat = [0xFFFFFFFD, 0xFFFFFFFE]
    body = b""
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, data in chunks.items():
        first = len(fat)
        count = len(data) // sector
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        entries.append((name, 2, first, len(data)))
        body += data
    directory = b""
    for number, (name, kind, first, size) in enumerate(entries):
        raw = name.encode("utf-16-le") + b"\0\0"
        child = 1 if number == 0 else 0xFFFFFFFF
        right = number + 1 if 0 < number < len(entries) - 1 else 0xFFFFFFFF
        directory += struct.pack("<64sHBBIII16xI16xIQ", raw, len(raw), kind, 1, 0xFFFFFFFF, right, child, 0, first, size)[:128]
    directory = directory.ljust(sector, b"\0")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    )
    header = header.ljust(512, b"\xff")
    return header + struct.pack(f"<{len(fat)}I", *fat).ljust(sector, b"\xff") + directory + body


def xls(path: Path, rows: Sequence[Row], sheet: str = "名册") -> Path:
    """BIFF8 with plain label and number records (MS-XLS 2.4)."""
    path.write_bytes(compound({"Workbook": biff(rows, sheet)}))
    return path


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def bare(path: Path, rows: Sequence[Row], *, old: bool = False) -> Path:
    """A stream of records without a compound file, as exporting components of Delphi write it; `old`: BIFF 2."""
    attributes = b"\0\0\0" if old else b"\0\0"
    data = record(0x0009, struct.pack("<HH", 2, 0x10)) if old else record(0x0809, struct.pack("<HHHH", 0, 0x10, 0, 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            where = struct.pack("<HH", r, c) + attributes
            if isinstance(value, float | int):
                data += record(0x0003 if old else 0x0203, where + struct.pack("<d", float(value)))
            elif value:
                text = str(value).encode("gb18030")
                data += record(0x0004 if old else 0x0204, where + struct.pack("<B" if old else "<H", len(text)) + text)
    path.write_bytes(data + record(0x000A))
    return path


def biff(rows: Sequence[Row], sheet: str = "名册") -> bytes:
    cells = b""
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, float | int):
                cells += record(0x0203, struct.pack("<HHHd", r, c, 0, float(value)))
            elif value:
                text = str(value).encode("utf-16-le")
                cells += record(0x0204, struct.pack("<HHHHB", r, c, 0, len(text) // 2, 1) + text)
    name = sheet.encode("utf-16-le")
    bound_length = 4 + 8 + len(name)
    globals_ = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)) + record(0x0042, struct.pack("<H", 1200))
    start = len(globals_) + bound_length + 4
    bound = record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(name) // 2, 1) + name)
    sheet_stream = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + cells + record(0x000A)
    return globals_ + bound + record(0x000A) + sheet_stream


def record12(kind: int, body: bytes = b"") -> bytes:
    """A record of an .xlsb."""

    def seven(value: int) -> bytes:
        out = b""
        while value > 0x7F:
            out += bytes([value & 0x7F | 0x80])
            value >>= 7
        return out + bytes([value])

    return seven(kind) + seven(len(body)) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def xlsb(path: Path, rows: Sequence[Row], sheet: str = "名册", *, hidden: Sequence[int] = (), extra: bytes = b"") -> Path:
    """A binary workbook (MS-XLSB) with inline texts."""
    cells = b""
    for r, row in enumerate(rows):
        cells += record12(0, struct.pack("<IIHBBBI", r, 0, 300, 0, 0x10 if r in hidden else 0, 0, 0))
        for c, value in enumerate(row):
            if isinstance(value, float | int):
                cells += record12(5, struct.pack("<IId", c, 0, float(value)))
            elif value:
                cells += record12(6, struct.pack("<II", c, 0) + wide(str(value)))
        cells += extra if r == len(rows) - 1 else b""
    size = struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, max(map(len, rows), default=1))
    part = record12(129) + record12(148, size) + record12(145) + cells + record12(146) + record12(130)
    listed = record12(156, struct.pack("<II", 0, 1) + wide("rId1") + wide(sheet))
    book = record12(131) + record12(143) + listed + record12(144) + record12(132)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("_rels/.rels", f'{rels}Type="{kind}/officeDocument" Target="xl/workbook.bin"/></Relationships>')
        made.writestr("xl/workbook.bin", book)
        made.writestr("xl/_rels/workbook.bin.rels", f'{rels}Type="{kind}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>')
        made.writestr("xl/worksheets/sheet1.bin", part)
    return path


def web(path: Path, rows: Sequence[Row], *, encoding: str = "utf-8", head: str = "", declared: str | None = None) -> Path:
    """An HTML table under the name of a workbook."""
    path.write_bytes(page(rows, declared or encoding, head).encode(encoding))
    return path


def page(rows: Sequence[Row], charset: str, head: str = "") -> str:
    def cell(value: object) -> str:
        if isinstance(value, float | int):
            return f'<td x:num="{value!r}">{value!r}</td>'
        text = html.escape(str(value)).replace("\n", "<br>").replace(" ", "&nbsp;")
        return f"<td class=xl24 style='mso-number-format:\"\\@\"'>{text or '&nbsp;'}</td>"

    body = "".join(f"<tr height=20>\n  {''.join(map(cell, row))}\n</tr>\n" for row in rows)
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">\n'
        f'<head><meta http-equiv=Content-Type content="text/html; charset={charset}"><title>导出</title>{head}</head>'
        f"<body><table border=1>{body}</table></body></html>"
    )


def archive(path: Path, sheets: Mapping[str, Sequence[Row]], encoding: str = "gb18030") -> Path:
    """A web archive as Excel saves one: a first page that lists the sheets, and a page a sheet."""
    listed = "".join(
        f'<x:ExcelWorksheet><x:Name>{n}</x:Name><x:WorksheetSource HRef="a.files/sheet{i:03}.htm"/></x:ExcelWorksheet>'
        for i, n in enumerate(sheets, 1)
    )
    island = f"<!--[if gte mso 9]><xml><x:ExcelWorkbook>{listed}</x:ExcelWorkbook></xml><![endif]-->"
    first = f"<html><head>{island}</head><frameset></frameset></html>"
    parts = [("a.htm", first), *((f"a.files/sheet{i:03}.htm", page(rows, encoding)) for i, rows in enumerate(sheets.values(), 1))]
    text = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="----=_NextPart_01"\n\n'
    for where, body in parts:
        coded = encodebytes(body.encode(encoding)).decode()
        text += f"------=_NextPart_01\nContent-Location: file:///C:/{where}\nContent-Transfer-Encoding: base64\n"
        text += f'Content-Type: text/html; charset="{encoding}"\n\n{coded}\n'
    path.write_bytes((text + "------=_NextPart_01--\n").encode())
    return path


def sheetml(path: Path, rows: Sequence[Row], sheet: str = "名册", encoding: str = "utf-8") -> Path:
    """SpreadsheetML 2003."""

    def cell(value: object) -> str:
        if isinstance(value, float | int):
            return f'<Cell><Data ss:Type="Number">{value!r}</Data></Cell>'
        return f'<Cell><Data ss:Type="String">{html.escape(str(value))}</Data></Cell>' if value else "<Cell/>"

    body = "".join(f"<Row>{''.join(map(cell, row))}</Row>\n" for row in rows)
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="{sheet}"><Table>{body}</Table></Worksheet></Workbook>'
    )
    path.write_bytes(text.encode(encoding))
    return path


ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
)


def ods(path: Path, rows: Sequence[Row], sheet: str = "名册") -> Path:
    """An OpenDocument spreadsheet, with the million repeated empty rows that programs write below."""

    def cell(value: object) -> str:
        if isinstance(value, float | int):
            return f'<table:table-cell office:value-type="float" office:value="{value!r}"><text:p>{value!r}</text:p></table:table-cell>'
        lines = "".join(f"<text:p>{html.escape(line)}</text:p>" for line in str(value).split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>' if value else "<table:table-cell/>"

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    wide = '<table:table-cell table:number-columns-repeated="1024"/>'
    rest = f'<table:table-row table:number-rows-repeated="{1_048_576 - len(rows)}">{wide}</table:table-row>'
    return ods_of(path, f'<table:table table:name="{sheet}">{body}{rest}</table:table>')


def ods_of(path: Path, tables: str, styles: str = "") -> Path:
    text = f"{ODS_HEAD}{styles}<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive_:
        archive_.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive_.writestr("content.xml", text)
    return path


def csv_in(encoding: str, delimiter: str = ",") -> Callable[[Path, Sequence[Row]], Path]:
    return lambda path, rows: table(path, rows, encoding, delimiter)


TYPED: dict[str, Callable[[Path, Sequence[Row]], Path]] = {
    "xlsx": xlsx,
    "xls": xls,
    "xlsb": xlsb,
    "biff-2": lambda path, rows: bare(path, rows, old=True),
    "biff-bare": bare,
    "html": web,
    "html-gbk": lambda path, rows: web(path, rows, encoding="gb18030", declared="gb2312"),
    "html-utf-16": lambda path, rows: web(path, rows, encoding="utf-16"),
    "mhtml": lambda path, rows: archive(path, {"名册": rows}),
    "sheetml": sheetml,
    "sheetml-gbk": lambda path, rows: sheetml(path, rows, encoding="gb18030"),
    "ods": ods,
}
"""Dialects that know numbers from texts."""

UNTYPED: dict[str, Callable[[Path, Sequence[Row]], Path]] = {
    "utf-8": csv_in("utf-8"),
    "utf-8-mark": csv_in("utf-8-sig"),
    "gb18030": csv_in("gb18030"),
    "utf-16": csv_in("utf-16"),
    "utf-16-le": csv_in("utf-16-le", "\t"),
    "utf-16-be": csv_in("utf-16-be"),
    "tab": csv_in("gb18030", "\t"),
    "semicolon": csv_in("utf-8", ";"),
    "bar": csv_in("utf-8", "|"),
}
"""Dialects in which all is text."""
