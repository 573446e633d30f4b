"""Plain text and names."""

from __future__ import annotations

from functools import cache

import polars as pl

from contracts.values.cells import Cells, Read, marks, put

GAPS = r"[\s\u200b-\u200d\u2060\ufeff]+"
"""White space (U+00A0 and U+3000 among it) and zero-width characters."""

_SEPARATORS = "•‧・．∙･"
_ODD_IN_NAME = rf"[\s\u200b-\u200d\u2060\ufeff{_SEPARATORS}\ue000-\uf8ff]"
_OLD_SIX = {0xFE51: 0x20087, 0xFE52: 0x20089, 0xFE53: 0x200CC, 0xFE6C: 0x215D7, 0xFE76: 0x2298F, 0xFE91: 0x241FE}
_NEW_EIGHT = {
    0xFE59: 0x9FB4,
    0xFE61: 0x9FB5,
    0xFE66: 0x9FB6,
    0xFE67: 0x9FB7,
    0xFE6D: 0x9FB8,
    0xFE7E: 0x9FB9,
    0xFE90: 0x9FBA,
    0xFEA0: 0x9FBB,
}


@cache
def private_use() -> dict[str, str]:
    """Private-use code points of old GBK and GB 18030 tables -> the characters they stand for.

    Source: GB 18030-2022, which moved the last of them; GBK row FE holds U+E815 to U+E864 in order, and what Python's
    codec (the table of 2000) does not yet resolve is in the two lists above.
    """
    found = {"\ue7c7": "\u1e3f", "\ue7c8": "\u01f9"}
    trail = [t for t in range(0x50, 0xA1) if t != 0x7F]
    for index, low in enumerate(trail):
        code = 0xFE00 | low
        resolved = chr(_NEW_EIGHT.get(code) or _OLD_SIX.get(code) or ord(bytes([0xFE, low]).decode("gb18030")))
        if not 0xE000 <= ord(resolved) <= 0xF8FF:
            found[chr(0xE815 + index)] = resolved
    return found


def squeeze(text: str) -> str:
    """The text without white space and zero-width characters, full-width forms made half-width."""
    wide = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    return "".join(c for c in wide if not c.isspace() and c not in "\u200b\u200c\u200d\u2060\ufeff")


def read_text(cells: Cells) -> Read:
    """Trimmed text; empty is null."""
    text = cells.text.str.strip_chars()
    if (text == cells.text).all() and not (text == "").any():
        return Read(cells.text)  # the usual case keeps the memory that is there
    return Read(text.set(text == "", None))


def read_blank(text: pl.Series) -> pl.Series:
    """The text as it is; nothing but white space is null."""
    blank = (text.str.strip_chars() == "").fill_null(value=False)
    return text.set(blank, None) if blank.any() else text


def read_name(cells: Cells) -> Read:
    """Name of a person or account holder: no gaps inside, one middle dot U+00B7, present characters. Each change is I-FIXED."""
    text = cells.text
    odd = text.str.contains(_ODD_IN_NAME).fill_null(value=False)
    if not odd.any():
        return Read(text)
    rows = odd.arg_true()
    fixed = tidy_names(text.gather(rows))
    values = put(text, rows, fixed)
    changed = (values != text).fill_null(value=False)
    return Read(values, marks("I-FIXED", changed))


def tidy_names(names: pl.Series) -> pl.Series:
    """Names as `read_name` gives them; null where nothing is left."""
    table = private_use()
    fixed = names.str.replace_all(GAPS, "").str.replace_many(list(table), list(table.values()))
    between = rf"(\p{{L}})[{_SEPARATORS}](\p{{L}})"
    for _ in range(2):  # a one-letter part is the end of one match and the start of the next
        fixed = fixed.str.replace_all(between, "${1}·${2}")
    return fixed.set(fixed == "", None)
