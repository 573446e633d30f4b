"""What a title, a sheet's name or a file's name says about which list it is."""

from __future__ import annotations

import re
from functools import lru_cache

from contracts.lists.source import SourceList
from contracts.values.text import squeeze

_SAME = (
    (r"[()“”\"'、·—\-_/\\]", ""),
    (r"最低生活保障", "低保"),
    (r"城镇", "城市"),
    (r"居民|在册", ""),
    (r"低收入|低边", "低保边缘"),
    (r"五保", "特困"),
    (r"缓退", "渐退"),
    (r"家庭成员", "成员"),
    (r"对象|人口", "人员"),
    (r"家庭|户主", "户"),
)
"""Words that mean the same in a title."""


def speaks_of(listing: SourceList, text: str) -> int:
    """How many characters of a title speak of a list; 0 where it does not."""
    plain = canonical_title(text)
    return max((len(hit.group()) for pattern in listing.titles for hit in re.finditer(pattern, plain)), default=0)


@lru_cache(maxsize=1024)
def canonical_title(text: str) -> str:
    """A title in the spelling that `titles` of the lists are written for."""
    plain = squeeze(text)
    for words, one in _SAME:
        plain = re.sub(words, one, plain)
    return plain
