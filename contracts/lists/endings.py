"""What the end of a header says about the kind of its values."""

from __future__ import annotations

import re
from collections.abc import Collection

from contracts.lists.source import FieldType

_NUMBERS: frozenset[FieldType] = frozenset({
    "own-id", "other-id", "former-id", "certificate", "own-certificate", "account", "number-text", "village-code", "sequence", "members",
})  # fmt: skip
_KINDS: tuple[tuple[re.Pattern[str], frozenset[FieldType]], ...] = (
    (re.compile(r"(?:金额|额|费用?|资金|元)(?:\(.*\))?$"), frozenset({"amount"})),
    (re.compile(r"(?:日期|时间|年月日?|月份|季度|日|[起始止]月)(?:\(.*\))?$"), frozenset({"date", "month", "quarter"})),
    (re.compile(r"(?:编号|代码|编码|号码?)(?:\(.*\))?$"), _NUMBERS),
)
_ANOTHER_TIME = re.compile(r"上年|去年|上月|上次|上季度|往年|历史")


def suits(text: str, kind: FieldType, roles: Collection[str]) -> bool:
    """Whether words that only can mean a field end as its values would: no text in a column of dates, no account in one of amounts."""
    if _ANOTHER_TIME.search(text) and "before" not in roles:
        return False
    return all(kind in kinds or not pattern.search(text) for pattern, kinds in _KINDS)
