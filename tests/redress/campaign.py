"""A longer campaign over many redressed folders.

    python -m tests.redress.campaign --samples ../shared/samples --work DIR --seeds 5 [--features a,b,… …]

Each seed is one folder with its own choice of clothes for every file; each `--features` is one folder in which every file wears the same.
Prints what each file misses, then a line of figures a folder.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.redress.dress import Wardrobe, folder
from tests.redress.judging import Judged, areas_of, columns_missed, judge
from tests.redress.truths import load_truth

_SHOWN = 4


def run(samples: Path, out: Path, seed: int, features: Sequence[str] | None, only: str = "") -> list[Judged]:
    """One folder: dress, read, judge."""
    paths = folder(Wardrobe(samples, out, seed), features, only)
    areas = areas_of(out)
    judged: list[Judged] = []
    for path in paths:
        truth = load_truth(path)
        if truth["verdict"] == "REFERENCE":
            continue
        try:
            result, reading = judge(path, samples, areas, out)
        except Exception as error:  # noqa: BLE001  a campaign goes on
            where = traceback.extract_tb(error.__traceback__)[-1]
            note = f"crash: {error!r} at {where.filename}:{where.lineno}"
            result, reading = Judged(path.name, Counter(crash=1, required=1), [note]), None
        missed = columns_missed(reading, truth) if reading else []
        columns = sum(len(p["columns"]) for t in truth["tables"] for p in t["parts"])
        lost = sum(columns if wanted == "(table)" else 1 for _, wanted, _, _ in missed)
        judged.append(replace(result, counts={**result.counts, "columns": columns, "columns_right": max(columns - lost, 0)}))
        if result.holds and not missed:
            continue
        say(f"{path.name}")
        for feed, wanted, header, got in missed:
            say(f"    column {feed}.{wanted}: {header!r} taken for {got}")
        if reading and reading.verdict == "REJECT_FILE":
            say(f"    refused: {[(f.code, dict(f.facts)) for f in reading.findings]}")
        for note in result.notes[:_SHOWN]:
            say(f"    {note}")
        if len(result.notes) > _SHOWN:
            say(f"    … {len(result.notes) - _SHOWN} more")
    return judged


def say(text: str) -> None:
    """One line of the campaign."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def figures(judged: Sequence[Judged]) -> str:
    """A folder in one line."""
    total: Counter[str] = sum((Counter(j.counts) for j in judged), Counter())
    return (
        f"files {sum(j.holds for j in judged)}/{len(judged)} findings {total['hit']}/{total['required']} extra {total['extra']}"
        f" rows {total['rows_right']}/{total['rows']} wrongly accepted {total['rows_wrongly_accepted']}"
        f" verdicts wrong {total['verdict_wrong']} columns {total['columns_right']}/{total['columns']}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=0)
    parser.add_argument("--features", action="append", default=[])
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    plans: list[tuple[str, int, list[str] | None]] = [(f"seed {n}", n, None) for n in range(1, given.seeds + 1)]
    plans += [(f, n, f.split(",")) for n, f in enumerate(given.features, 1)]
    for number, (title, seed, features) in enumerate(plans):
        say(f"## {title}")
        say(f"== {title}: " + figures(run(given.samples, given.work / f"folder{number}", seed, features, given.only)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
