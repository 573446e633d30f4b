"""A folder of samples in other clothes.

    python -m tests.redress.dress --samples ../shared/samples --out DIR --seed 1 [--features words:山东省沂泽县,shuffle,…] [--only TEXT]

Without `--features` each file gets its own choice of them by the seed. Then `judge.py --dir DIR` judges on it.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.redress import county, wording
from tests.redress.document import Document
from tests.redress.features import Features, choose, redress
from tests.redress.layout import Layout, lay_out
from tests.redress.load import load, source
from tests.redress.move import join, move, tag
from tests.redress.truths import Truth, load_truth, save_truth
from tests.redress.write_markup import write_html, write_spreadsheetml
from tests.redress.write_text import DIALECTS, write_text
from tests.redress.write_xls import write_xls
from tests.redress.write_xlsx import write_xlsx

UNTOUCHED = frozenset({"REJECT_FILE", "REFERENCE"})
PAIRS = (("荔波县特困人员查询_202303", "荔波县城市低保人员查询_202303"), ("2023年3月低保渐退户", "近一年退出低保"), ("附件1", "附件2"))
"""Files whose lists may be put into one file: they are of one month."""


@dataclass(slots=True)
class Wardrobe:
    """What is needed for every file of a folder."""

    samples: Path
    out: Path
    seed: int
    rows: dict[str, str] = field(default_factory=dict)

    def known(self) -> Mapping[str, frozenset[str]]:
        return wording.known_not_carried(self.samples / "TRUTH.md")


def save(document: Document, layout: Layout, form: str, out: Path) -> tuple[Path, str]:
    """Write the file; its path and the form as truth calls it."""
    name = document.name
    if form.startswith(("text", "csv")):
        wanted = form.partition(":")[2] or "utf-8-bom"
        dialect = next(d for d in DIALECTS if d.name == wanted)
        path = out / (name + dialect.suffix)
        write_text(layout.sheets[0], path, dialect)
        return path, "csv"
    path = out / (name + (".xlsx" if form == "xlsx" else ".xls"))
    if form == "xlsx":
        write_xlsx(layout.sheets, path)
    elif form == "xls":
        write_xls(layout.sheets, path)
    elif form == "html":
        write_html(layout.sheets[0], path)
    else:
        write_spreadsheetml(layout.sheets, path)
    return path, form


def one(path: Path, truth: Truth, features: Features, wardrobe: Wardrobe) -> Path:
    """Redress one file; the new file, its truth beside it."""
    document, tagged = load(path, truth), tag(truth)
    partner = next((p for f in features if f == "join" for p in _partner(path)), None)
    if partner is not None:
        other = load_truth(partner)
        document.sheets += load(partner, other).sheets
        tagged = join(tagged, tag(other))
        _part_names(document)
    form = redress(document, tagged, features, wardrobe.known(), wardrobe.seed)
    for sheet in document.sheets:
        sheet.name = "" if form.startswith(("text", "csv")) else "Sheet1" if form == "html" else sheet.name or "Sheet1"
    layout = lay_out(document)
    if "county" in features:
        document.name = county.shifted(document.name)
    written, kind = save(document, layout, form, wardrobe.out)
    moved = move(tagged, document, layout, kind, written.name)
    if "county" in features:
        moved = json.loads(county.shifted(json.dumps(moved, ensure_ascii=False, default=str)))
    save_truth(moved, written)
    for (key, row), (where, to) in layout.rows.items():
        wardrobe.rows[f"{key}!{row}"] = f"{where}!{to}"
    return written


def _partner(path: Path) -> list[Path]:
    return [p for a, b in PAIRS if path.name.startswith(a) for p in path.parent.glob(f"{b}*") if not p.name.endswith(".json")]


def _part_names(document: Document) -> None:
    taken: set[str] = set()
    for sheet in document.sheets:
        while sheet.name in taken:
            sheet.name += "2"
        taken.add(sheet.name)


def folder(wardrobe: Wardrobe, features: Features | None, only: str = "") -> list[Path]:
    """Redress a whole folder, with everything that `judge.py` needs."""
    wardrobe.out.mkdir(parents=True, exist_ok=True)
    vocabulary = random.Random(wardrobe.seed).choice(list(wording.vocabularies()))  # noqa: S311  no secrets
    written: list[Path] = []
    truths = sorted(wardrobe.samples.glob("*.truth.json"))
    for source_path in (t.with_name(t.name.removesuffix(".truth.json")) for t in truths):
        truth = load_truth(source_path)
        if truth["verdict"] in UNTOUCHED:
            written.append(_copy(source_path, truth, wardrobe, moved=features is not None and "county" in features))
            continue
        if only in source_path.name and not (features and "join" in features and not _partner(source_path)):
            chosen = features if features is not None else choose(wardrobe.seed, source_path.name, truth["feed"], vocabulary)
            written.append(one(source_path, truth, chosen, wardrobe))
    _expected(wardrobe, moved=features is not None and "county" in features)
    return written


def _copy(path: Path, truth: Truth, wardrobe: Wardrobe, *, moved: bool) -> Path:
    target = wardrobe.out / (county.shifted(path.name) if moved else path.name)
    if moved and truth["format"] == "csv":
        target.write_text(county.shifted(path.read_text("utf-8-sig")), "utf-8-sig")
    else:
        shutil.copyfile(path, target)
    text = json.dumps(truth, ensure_ascii=False)
    save_truth(json.loads(county.shifted(text) if moved else text), target)
    return target


def _expected(wardrobe: Wardrobe, *, moved: bool) -> None:
    text = (wardrobe.samples / "expected.json").read_text("utf-8")
    expected = json.loads(text)
    table = expected["r1"]["decisions"]
    at = table["fields"].index("row")
    paths = [p.with_name(p.name.removesuffix(".truth.json")) for p in wardrobe.samples.glob("*.truth.json")]
    truths = {p.name: load_truth(p) for p in paths}
    files = [f for f, t in truths.items() if t["feed"] in ("MONITOR_PERSON", "MONITOR_TOWN") and t["period"] == "2023-03"]
    for row in table["rows"]:
        sheet, _, number = str(row[at]).rpartition("!")
        for file in files:
            row[at] = wardrobe.rows.get(f"{source(file, sheet)}!{number}", row[at])
    text = json.dumps(expected, ensure_ascii=False)
    (wardrobe.out / "expected.json").write_text(county.shifted(text) if moved else text, "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--features", default=None)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    wardrobe = Wardrobe(given.samples, given.out, given.seed)
    folder(wardrobe, None if given.features is None else [f for f in given.features.split(",") if f], given.only)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
