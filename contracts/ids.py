"""Names of agencies and months."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from contracts.errors import ExchangeError

_COUNTY = re.compile(r"[0-9]{6}")
_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")


@dataclass(frozen=True, order=True, slots=True)
class AgencyId:
    """An agency (单位) of a county: `522722/education`. On screen the code alone.

    Raises:
        ExchangeError: E-AGENCY, the text is no agency name.
    """

    county: str
    code: str

    def __post_init__(self) -> None:
        if not _COUNTY.fullmatch(self.county) or not _CODE.fullmatch(self.code):
            raise ExchangeError("E-AGENCY", given=f"{self.county}/{self.code}"[:60])

    def __str__(self) -> str:
        return f"{self.county}/{self.code}"

    @classmethod
    def parse(cls, text: str) -> AgencyId:
        county, _, code = text.partition("/")
        return cls(county, code)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A business month (所属月), `2023-03`.

    Raises:
        ExchangeError: E-PERIOD, no such month.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1990 <= self.year <= 2199 and 1 <= self.month <= 12):
            raise ExchangeError("E-PERIOD", given=f"{self.year}-{self.month}")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def parse(cls, text: str) -> Period:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
            raise ExchangeError("E-PERIOD", given=text[:20])
        return cls(int(text[:4]), int(text[5:]))

    @property
    def start(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The last day; ages and rules are computed as of it."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def shift(self, months: int) -> Period:
        index = self.year * 12 + self.month - 1 + months
        return Period(index // 12, index % 12 + 1)

    @property
    def previous(self) -> Period:
        return self.shift(-1)
