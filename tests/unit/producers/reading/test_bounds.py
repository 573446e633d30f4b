"""Files that would fill the memory: each is read or refused in a process of its own, whose peak is measured."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.producers.reading.dialects import ods_of
from tests.unit.producers.reading.files import TEKUN, tekun, xlsx
from tests.unit.producers.reading.test_refusals import GOOD, HEAD, replaced, valid

CHILD = """
import json, resource, sys
from pathlib import Path
from contracts.ids import Period
from producers.reading import read_file
resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
reading = read_file(Path(sys.argv[1]), period=Period(2023, 3))
peak = next(int(line.split()[1]) >> 10 for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([reading.verdict, reading.rows, reading.findings[0].code if reading.findings else None, peak]))
"""


def apart(path: Path, limit: int) -> tuple[str, int, str | None]:
    """Verdict, rows and first code of a file read in a process of its own, which stayed under a limit of MiB."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=True, timeout=300)
    verdict, rows, code, peak = json.loads(done.stdout)
    assert peak < limit, f"{peak} MiB"
    return verdict, rows, code


def one_string_everywhere(path: Path) -> Path:
    used = ("".join(f'<c r="{c}{r}" t="s"><v>0</v></c>' for c in "ABCDEFGHIJ") for r in range(1, 100_001))
    cells = "".join(f'<row r="{r}">{row}</row>' for r, row in enumerate(used, 1))
    text = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"字" * 32_767}</t></si></sst>'
    parts = {"sheet1": HEAD + cells.encode() + b"</sheetData></worksheet>", "sharedStrings": text.encode()}
    return replaced(valid(path.with_name("v.xlsx")), path, **parts)


def longer_than_it_says(path: Path) -> Path:
    """A zip bomb whose directory speaks of a small member, with the digest of what it speaks of."""
    bomb = HEAD + b"</sheetData></worksheet>" + b" " * (300 << 20)
    replaced(valid(path.with_name("v.xlsx")), path, sheet1=bomb)
    with zipfile.ZipFile(path) as archive:
        member = next(i for i in archive.infolist() if i.filename.endswith("sheet1.xml"))
    true = struct.pack("<III", member.CRC, member.compress_size, member.file_size)
    said = struct.pack("<III", zlib.crc32(bomb[:1024]), member.compress_size, 1024)
    path.write_bytes(path.read_bytes().replace(true, said))
    return path


def merged_a_million_times(path: Path) -> Path:
    merged = "".join(f'<mergeCell ref="A{r}:B{r}"/>' for r in range(1, 2_100_000))
    sheet = HEAD + f"</sheetData><mergeCells>{merged}</mergeCells></worksheet>".encode()
    return replaced(valid(path.with_name("v.xlsx")), path, sheet1=sheet)


def merged_over_a_million_cells(path: Path) -> Path:
    with zipfile.ZipFile(valid(path.with_name("v.xlsx"))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    merged = b'<mergeCells count="1"><mergeCell ref="K1:XFD1048576"/></mergeCells>'
    return replaced(path.with_name("v.xlsx"), path, sheet1=sheet.replace(b"</sheetData>", b"</sheetData>" + merged))


def every_cell_a_formula(path: Path) -> Path:
    long = "A1+" * 2000 + "1"
    rows = "".join(f'<row r="{r}"><c r="A{r}"><f>{long}</f><v>1</v></c></row>' for r in range(1, 20_000))
    return replaced(valid(path.with_name("v.xlsx")), path, sheet1=HEAD + rows.encode() + b"</sheetData></worksheet>")


def columns_repeated(path: Path) -> Path:
    cell = f'office:value-type="string"><text:p>{"字" * 30_000}</text:p></table:table-cell>'
    return repeated(path, 700, f'<table:table-cell table:number-columns-repeated="16384" {cell}')


def rows_repeated(path: Path) -> Path:
    return repeated(path, 1 << 20, '<table:table-cell table:number-columns-repeated="20" office:value-type="float" office:value="1"/>')


def repeated(path: Path, rows: int, cell: str) -> Path:
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    return ods_of(path, f'<table:table table:name="a">{row}</table:table>')


def spans(path: Path) -> Path:
    path.write_text("<table>" + "<tr><td>a<td colspan=99999999 rowspan=99999999>b" * 20_000 + "</table>")
    return path


def deep(path: Path) -> Path:
    path.write_text('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">' + "<a>" * 2_000_000)
    return path


def laughs(path: Path) -> Path:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE Workbook [<!ENTITY l0 "ha">{lines}]>'
    path.write_text(head + '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><a>&l11;</a></Workbook>')
    return path


def far_row_in_sheetml(path: Path) -> Path:
    ns = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    row = '<Row ss:Index="1048576"><Cell ss:Index="16384"><Data ss:Type="String">x</Data></Cell></Row>'
    path.write_text(f'<?xml version="1.0"?><Workbook {ns}><Worksheet ss:Name="a"><Table>{row}</Table></Worksheet></Workbook>')
    return path


@pytest.mark.parametrize(
    ("make", "code", "limit"),
    [
        (one_string_everywhere, "E-FILE-SIZE", 600),
        (longer_than_it_says, "E-FILE-CORRUPT", 600),
        (merged_a_million_times, "E-FILE-SIZE", 600),
        (every_cell_a_formula, "E-FILE-TEMPLATE", 900),
        (columns_repeated, "E-FILE-SIZE", 600),
        (rows_repeated, "E-FILE-SIZE", 600),
        (spans, "E-FILE-SIZE", 900),
        (deep, "E-FILE-CORRUPT", 600),
        (laughs, "E-FILE-TYPE", 600),
        (far_row_in_sheetml, "E-FILE-SIZE", 600),
    ],
)
def test_what_would_fill_the_memory_is_refused(make: Callable[[Path], Path], code: str, limit: int, tmp_path: Path) -> None:
    verdict, _, found = apart(make(tmp_path / "a.xlsx"), limit)
    assert (verdict, found) == ("REJECT_FILE", code)


def test_a_merge_of_a_sheet_s_rest_is_no_more_than_its_words(tmp_path: Path) -> None:
    assert apart(merged_over_a_million_cells(tmp_path / "a.xlsx"), 600)[:2] == ("ACCEPT", len(GOOD))


def test_cells_of_the_greatest_length(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [TEKUN, *(tekun(n, 备注="字" * 32_767) for n in GOOD)])
    assert apart(path, 600)[:2] == ("ACCEPT", len(GOOD))
