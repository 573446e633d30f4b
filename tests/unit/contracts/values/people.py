"""Invented persons: right check digits, sequence digits that are not issued."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_of(area: str, born: date, sequence: int) -> str:
    """A number with the right check character (computed another way than the reader: modulo by trial)."""
    head = f"{area}{born:%Y%m%d}{sequence:03d}"
    total = sum(int(d) * w for d, w in zip(head, _WEIGHTS, strict=True))
    check = next(c for c in range(11) if (total + c) % 11 == 1)
    return head + ("X" if check == 10 else str(check))


def ids() -> st.SearchStrategy[str]:
    """Valid numbers of persons born before 2023."""
    return st.builds(
        id_of,
        st.sampled_from(["522722", "522701", "810000", "830000", "510222", "110101"]),
        st.dates(date(1930, 1, 1), date(2022, 12, 31)),
        st.integers(900, 995),
    )


def names() -> st.SearchStrategy[str]:
    """Names of two to four characters, some with a middle dot, some with rare characters."""
    return st.one_of(
        st.text(st.sampled_from("王李张陈石韦欧阳上官菊梅龙凤𫖯堃"), min_size=2, max_size=4),
        st.sampled_from(["买买提·吐尔逊", "阿依古丽·艾合买提江·托合提尼亚孜"]),
    )
