"""Units of amounts, as headers and the lines above them state them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from contracts.values.text import squeeze

_SAID = re.compile(r"\(?(?:单位[::])?(亿元|万元|千元|百元|元|¥|￥)(?:/|每)?((?:人|户)?[·.、/]?(?:月|年|季度?|次|日))?(?:/?(?:人|户))?\)?$")
_TITLE = re.compile(r"单位:(?:人、?户?、?)?(亿元|万元|千元|百元|元)")
_YUAN = {"亿元": 100_000_000, "万元": 10_000, "千元": 1_000, "百元": 100, "元": 1, "¥": 1, "￥": 1}


@dataclass(frozen=True, slots=True)
class Unit:
    """Unit of an amount: how many yuan one is, and per what ("" when the header does not say: `月`, `年`, `季`)."""

    yuan: int
    per: str = ""


def without_unit(text: str) -> tuple[str, Unit | None]:
    """A header (half-width, without white space) and the unit at its end; `(元)`, `/元`, `万元`, `(元/人·月)`."""
    said = _SAID.search(text)
    if said is None or not text[: said.start()].rstrip("/(,，:"):
        return _within(text)
    per = re.search(r"[月年季]", said.group(2) or "")
    return text[: said.start()].rstrip("/(,，:"), Unit(_YUAN[said.group(1)], per.group() if per else "")


def _within(text: str) -> tuple[str, Unit | None]:
    """A unit beside other words in a bracket, `(核实后,万元)`; anywhere else it is believed all the same: 10,000 times is too much."""
    said = re.search(r"[,，、;]?(?:单位[::])?(亿元|万元|千元|百元)", text)
    if said is None:
        return text, None
    return (text[: said.start()] + text[said.end() :]).replace("()", ""), Unit(_YUAN[said.group(1)])


def unit_of_title(text: str) -> Unit | None:
    """The unit that a line above the header states for the amounts below: `单位：万元`."""
    said = _TITLE.search(squeeze(text))
    return Unit(_YUAN[said.group(1)]) if said else None
