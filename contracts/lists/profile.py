"""What stands in a column: how well its values fit a field of a list, judged on some of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts.codes import load_tables
from contracts.lists.source import ListField
from contracts.values.cells import Cells, Kind
from contracts.values.text import squeeze

SAMPLE = 200
"""Values of a column that are looked at."""

_LONG = re.compile(r"'?\d{12,30}[Xx]?.{0,2}|\d\.\d+[eE]\+?1[0-9]")
_DATE = re.compile(
    r"(?:19|20)\d{2}\D?\d{1,2}(?:\D?\d{1,2})?日?月?(?:[ T]?\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|(?:19|20)\d{2}年?(?:第?[一二三四1-4]季度|Q[1-4])|[34]\d{4}"
)
_PHONE = re.compile(r"(?:\+?86-?)?1\d{10}|0\d{2,3}-?\d{7,8}|\d{7,8}|1\d{2}[- ]\d{4}[- ]\d{4}")
_ACCOUNT = re.compile(r"'?\d{10,23}|\d\.\d+[eE]\+?1\d")
_AMOUNT = re.compile(r"[¥￥]?-?\d{1,3}(?:,?\d{3})*(?:\.\d+)?元?|-?\d+(?:\.\d+)?元?")
_COUNT = re.compile(r"\d{1,3}[人口户个]?")
_NAME = re.compile(r"[㐀-鿿\U00020000-\U0003ffff\ue000-\uf8ff·•‧・．∙･A-Za-z]{2,20}")

_STUDENT_WORDS = frozenset({
    "在读", "未入学", "毕业", "已毕业", "辍学", "学龄前", "在校", "非在校", "不在校", "休学", "失学", "在校生", "非在校生", "离校",
    "学前", "学前教育", "小学", "初中", "高中", "中职", "大专", "本科",
})  # fmt: skip
"""What stands in columns about schooling, beside the word that means yes."""


@dataclass(frozen=True, slots=True)
class Values:
    """Distinct values of a column (without white space), most frequent first, with how often each stands."""

    words: tuple[str, ...]
    counts: tuple[int, ...]

    def share(self, fits: Callable[[str], bool]) -> float:
        """Of all values, those that fit."""
        whole = sum(self.counts)
        return sum(n for w, n in zip(self.words, self.counts, strict=True) if fits(w)) / whole if whole else 0.0


def values_of(cells: Cells, first: int) -> Values:
    """The first values of a column from a row on."""
    text = cells.text.slice(first).drop_nulls().head(SAMPLE)
    kinds = cells.kind
    counted: dict[str, int] = {}
    for word in text.to_list():
        flat = squeeze(word)
        if flat and not re.fullmatch(r".{0,8}(?:小计|合计|总计)", flat):
            counted[flat] = counted.get(flat, 0) + 1
    if kinds is not None and (kinds.slice(first) == Kind.DATE.value).any():
        counted = {w.partition("T")[0]: n for w, n in counted.items()}
    ordered = sorted(counted.items(), key=lambda item: -item[1])
    return Values(tuple(w for w, _ in ordered), tuple(n for _, n in ordered))


def fit(field: ListField, values: Values) -> float | None:
    """How well the values of a column fit a field, 0 to 1; None for an empty column and for types that anything fits."""
    if not values.words:
        return None
    test = _TESTS.get(field.type)
    if test is not None:
        return values.share(test)
    if field.type in ("code", "yes-no", "is-word"):
        return _coded(field, values)
    if field.words:
        return values.share(lambda w: w in field.words)
    return None


def _coded(field: ListField, values: Values) -> float:
    if field.type == "is-word":
        return values.share(lambda w: w == field.word or w in _STUDENT_WORDS)
    codes = load_tables()[field.table or ""]
    return values.share(lambda w: (code := codes.code_of(w)) is not None and (not field.only or code in field.only))


def _name(word: str) -> bool:
    return bool(_NAME.fullmatch(word))


def _full(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda word: pattern.fullmatch(word) is not None


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "own-id": _full(_LONG),
    "other-id": lambda w: _LONG.fullmatch(w) is not None or w in ("不详", "无"),
    "former-id": _full(re.compile(r"'?\d{12,20}[Xx]?")),
    "certificate": _full(re.compile(r"'?\d{17}[\dXx]\d{0,2}[A-Za-z\d]{0,2}")),
    "own-certificate": _full(re.compile(r"'?\d{17}[\dXx]\d{0,2}[A-Za-z\d]{0,2}")),
    "account": _full(_ACCOUNT),
    "amount": _full(_AMOUNT),
    "count": _full(_COUNT),
    "sequence": _full(re.compile(r"\d{1,6}(?:\.0)?")),
    "date": _full(_DATE),
    "month": _full(_DATE),
    "quarter": lambda w: _DATE.fullmatch(w) is not None,
    "months": _full(re.compile(r"\d{1,3}(?:个?月|年)?|半年")),
    "name": _name,
    "village-code": _full(re.compile(r"\d{9}(?:\d{3})?")),
}


def looks_like_day(values: Values) -> float:
    """Share of values that are days rather than months."""
    return values.share(lambda w: len(re.findall(r"\d+", w)) == 3 or bool(re.fullmatch(r"(?:19|20)\d{6}", w)))


def holds_ids(values: Values) -> float:
    """Share of values that hold ID numbers, one or several."""
    return values.share(lambda w: re.search(r"\d{15}", w) is not None)


def looks_like_phone(values: Values) -> float:
    """Share of values that have the form of a telephone number."""
    return values.share(lambda w: _PHONE.fullmatch(w) is not None)
