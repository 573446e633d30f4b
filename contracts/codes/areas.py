"""Administrative divisions: the country's, and a county's own table of towns and villages (行政区划代码表)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from contracts.errors import ExchangeError
from contracts.ids import Period
from contracts.values.text import squeeze

_CODE = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class AreaTable:
    """Towns and villages of one county with their 12-digit codes, from a month on.

    Attributes:
        county: six digits.
        since: first month it holds for, None when not said.
        towns: code -> name.
        villages: code -> name; the town's code is the first nine digits and 000.
    """

    county: str
    since: Period | None
    towns: Mapping[str, str]
    villages: Mapping[str, str]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]], since: Period | None = None) -> AreaTable:
        """From (12-digit code, name) pairs of any level.

        Raises:
            ExchangeError: E-FILE-TEMPLATE, no code of a county, town or village among them.
        """
        towns: dict[str, str] = {}
        villages: dict[str, str] = {}
        counties: dict[str, int] = {}
        for code, name in rows:
            if not _CODE.fullmatch(code) or not squeeze(name):
                continue
            counties[code[:6]] = counties.get(code[:6], 0) + 1
            if code[9:] != "000":
                villages[code] = squeeze(name)
            elif code[6:9] != "000":
                towns[code] = squeeze(name)
        if not towns:
            raise ExchangeError("E-FILE-TEMPLATE", missing="区划代码、名称", list="AREA_TABLE")
        return cls(max(counties, key=lambda c: counties[c]), since, MappingProxyType(towns), MappingProxyType(villages))

    def codes_by_name(self) -> dict[str, str]:
        """`town\\x1fvillage` -> code. Two villages of one name in one town are left out: nobody can tell them apart."""
        found: dict[str, str] = {}
        twice: set[str] = set()
        for code, name in self.villages.items():
            key = f"{self.towns.get(code[:9] + '000', '')}\x1f{name}"
            if key in found:
                twice.add(key)
            found[key] = code
        return {k: v for k, v in found.items() if k not in twice}

    def town_in(self, text: str) -> str | None:
        """The one town whose name stands in a text; None when none or several do. The longest name wins over its parts."""
        flat = squeeze(text)
        hits = [n for n in self.towns.values() if n in flat]
        best = [h for h in hits if not any(h != o and h in o for o in hits)]
        return best[0] if len(set(best)) == 1 else None

    def village_names(self, town: str | None) -> frozenset[str]:
        """Names of the villages of a town, or of all."""
        codes = {c[:9] for c, n in self.towns.items() if n == town}
        return frozenset(n for c, n in self.villages.items() if town is None or c[:9] in codes)

    def to_json(self) -> bytes:
        """For keeping: the same table gives the same bytes."""
        content = {
            "county": self.county,
            "since": None if self.since is None else str(self.since),
            "towns": dict(sorted(self.towns.items())),
            "villages": dict(sorted(self.villages.items())),
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes) -> AreaTable:
        """What `to_json` wrote."""
        content = json.loads(data)
        since = content["since"]
        return cls(
            content["county"],
            Period.parse(since) if since else None,
            MappingProxyType(content["towns"]),
            MappingProxyType(content["villages"]),
        )


@dataclass(frozen=True, slots=True)
class Division:
    """One division of the country (GB/T 2260 and the statistical town codes).

    Attributes:
        as_of: month of the publication it was taken from.
    """

    code: str
    name: str
    level: str
    as_of: Period


@cache
def load_divisions() -> Mapping[str, Division]:
    """Code (six digits; twelve for towns of Guizhou) -> division, from `divisions.csv`."""
    with files("contracts.codes").joinpath("divisions.csv").open(encoding="utf-8") as stream:
        return MappingProxyType(
            {r["code"]: Division(r["code"], r["name"], r["level"], Period.parse(r["as_of"])) for r in csv.DictReader(stream)}
        )
