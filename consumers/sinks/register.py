"""The register of low-income-margin recognitions (低保边缘认定登记) as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

_SHEET = (
    ("name", "姓名"),
    ("id_number", "身份证号"),
    ("household", "户编号"),
    ("subject", "人编号"),
    ("relation", "与户主关系"),
    ("town", "乡镇"),
    ("village", "村"),
    ("monitor_type", "监测对象类型"),
    ("risk_identified_on", "风险识别时间"),
    ("reason", "认定原因"),
    ("clause", "依据"),
)
_LAST = ("登记月份", "状态")


def write_register(rows: Sequence[tuple[Mapping[str, object], str, bool]], out: Path) -> None:
    """Write one line a person, IDs as text.

    Args:
        rows: the person's fields, the month of recognition, and whether both halves of the confirmation are there.

    Raises:
        OSError: the file cannot be written.
    """
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(out), options) as book:
        sheet, text = book.add_worksheet("低保边缘认定登记"), book.add_format({"num_format": "@"})
        for column, title in enumerate((*(title for _, title in _SHEET), *_LAST)):
            sheet.write_string(0, column, title)
        for line, (row, since, whole) in enumerate(rows, 1):
            for column, (name, _) in enumerate(_SHEET):
                sheet.write_string(line, column, "" if row[name] is None else str(row[name]), text)
            sheet.write_string(line, len(_SHEET), since)
            sheet.write_string(line, len(_SHEET) + 1, "双方确认" if whole else "待对方确认")
