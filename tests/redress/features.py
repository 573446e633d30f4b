"""What a redressed file wears: chosen by a seed or asked for, and put on in the order in which clothes go on."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from tests.redress import county, shapes, wording
from tests.redress.cells import place_of
from tests.redress.document import Column, Document, Table
from tests.redress.truths import Truth
from tests.redress.write_text import DIALECTS
from tests.redress.write_xls import can_write_xls

Features = Sequence[str]
Known = Mapping[str, frozenset[str]]


def choose(seed: int, name: str, feed: str, vocabulary: str) -> list[str]:
    """Some features for one file."""
    rng = random.Random(f"{seed} {name}")  # noqa: S311  no secrets
    picked = [f"words:{vocabulary}"] if rng.random() < 0.7 else []
    for feature, share in (
        ("drop", 0.5),
        ("shuffle", 0.5),
        ("group", 0.3),
        ("serial", 0.3),
        ("deeper", 0.5),
        ("spaced", 0.3),
        ("numbered", 0.2),
        ("lead", 0.1),
        ("emptycolumn", 0.1),
        ("subtotals", 0.3),
        ("pages", 0.2),
        ("blanks", 0.3),
        ("foot", 0.4),
        ("split", 0.15),
    ):
        if rng.random() < share:
            picked.append(feature)
    forms = ["xlsx", "xlsx", "xlsx", "html", "xml", *(f"text:{d.name}" for d in DIALECTS)]
    picked.append("form:" + rng.choice(forms))
    if feed == "MARGIN_HOUSEHOLD":
        picked.append(rng.choice(("stack", "beside", "sheets")))
    return picked


def redress(document: Document, truth: Truth, features: Features, known: Known, seed: int) -> str:
    """Change a document as asked; the form to write it in."""
    rng = random.Random(f"{seed} {document.name} clothes")  # noqa: S311  no secrets
    asked = {f.partition(":")[0]: f.partition(":")[2] for f in features}
    rejecting = _rejecting(truth)
    for table in document.tables:
        _columns(table, asked, truth["period"], known, rejecting, rng)
        _lines(table, asked, truth["period"], rng)
    if "split" in asked or "splitfirst" in asked:
        shapes.split(document, headers="split" in asked)
    if ("stack" in asked or "beside" in asked) and len(document.tables) > 1:
        shapes.put_together(document, beside="beside" in asked)
    if "county" in asked:
        county.shift(document)
    return _form(document, asked.get("form", ""), asked.get("dialect", ""))


def _columns(
    table: Table,
    asked: Mapping[str, str],
    period: str,
    known: Known,
    rejecting: Callable[[Column], bool],
    rng: random.Random,
) -> None:
    if "drop" in asked:
        shapes.drop(table, rng, rejecting)
    if "words" in asked:
        wording.reword(table, asked["words"], period, known, rng)
    if "shuffle" in asked:
        shapes.shuffle(table, rng)
    if "group" in asked:
        shapes.group(table, rng)
    if "serial" in asked:
        shapes.serial(table)
    if "emptycolumn" in asked:
        shapes.empty_column(table, rng)
    if "spaced" in asked:
        shapes.spaced(table, rng)


def _lines(table: Table, asked: Mapping[str, str], period: str, rng: random.Random) -> None:
    if "shallow" in asked:
        shapes.shallow(table)
    if "deeper" in asked:
        shapes.deeper(table, period, rng)
    if "numbered" in asked:
        shapes.numbered(table)
    if "lead" in asked:
        table.style.lead = 1
    if "towns" in asked:
        shapes.merge_towns(table)
    if not table.data:
        return
    if "subtotals" in asked:
        shapes.subtotals(table)
    if "blanks" in asked:
        shapes.blanks(table, rng)
    if "pages" in asked:
        shapes.pages(table)
    if "foot" in asked:
        shapes.foot(table, rng)


def _rejecting(truth: Truth) -> Callable[[Column], bool]:
    cells = {
        (f["sheet"], place_of(cell)[1])
        for f in truth["findings"]
        if (cell := f.get("cell")) and (f["severity"] == "error" or f.get("alt_actions"))
    }
    return lambda column: column.origin is not None and (column.origin[0], column.origin[2]) in cells


def _form(document: Document, wanted: str, dialect: str) -> str:
    """The form to write in: what was asked for where it can hold the document."""
    if wanted == "text":
        wanted = f"text:{dialect}"
    flat = len(document.sheets) == 1 and not document.sheets[0].beside
    merges = any(t.merges for t in document.tables)
    if wanted.startswith("text") and (not flat or merges):
        return "xlsx"
    if wanted == "html" and not flat:
        return "xml"
    if wanted in ("", "xls"):
        own = document.form if flat and not merges and document.form != "xls" else "xlsx"
        return "xls" if (wanted == "xls" or document.form == "xls") and can_write_xls() else own
    return wanted
