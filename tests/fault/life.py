"""Two months of three offices, as the commands that their clerks type: what every fault test disturbs.

Civil affairs (`ca`) publishes rosters to education (`edu`), rural revitalization (`rr`) sends a monitoring list and gets its answers
and April's new persons. March's roster comes with a spoilt row, so that its edition is completed by a second revision and corrected
by a third; April's is recalled, and in the end March's keys are destroyed.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from contracts.ids import Period
from gateway.demo.county import County, county, write_files
from tests.fault.nursery import Nursery
from tests.fault.steps import Fault, Step, read_steps

MARCH, APRIL = Period(2023, 3), Period(2023, 4)
SINKS = {"sqlite": "sqlite:///edu.db", "csv": "csv:edu-csv", "parquet": "parquet:edu-parquet", "xlsx": "xlsx:edu-xlsx"}
HOMES = ("ca", "edu", "rr")
PRELOADED = (
    "polars", "sqlalchemy.dialects.sqlite", "xlsxwriter", "cryptography.cobblestone", "python_calamine", "zstandard", "fastavro",
    "openpyxl", "gateway.cli.main", "gateway.bootstrap", "gateway.app.setup", "gateway.app.trust", "gateway.app.importing",
    "gateway.app.publishing", "gateway.app.collecting", "gateway.app.syncing", "gateway.app.intaking", "gateway.app.outcomes",
    "gateway.app.fsck", "gateway.app.overview", "consumers.sinks.folder", "consumers.sinks.sqlite", "gateway.carriers.directory",
    "cryptography.hazmat.backends.openssl.backend", "encodings.gb18030", "encodings.utf_8_sig", "getpass", "polars._utils.parquet",
    "tests.fault.warmth",
)
"""What the commands import, so that a nursery's children need not."""


@dataclass(frozen=True, slots=True)
class Act:
    """One command.

    Attributes:
        name: unique in the life.
        home: whose it is.
        words: of the command; `{sink}` is education's sink, `{proposal}` the digest that the last `decide` printed.
        file: what stdout is redirected to.
    """

    name: str
    home: str
    words: tuple[str, ...]
    file: str = ""


def _act(name: str, home: str, *words: str, file: str = "") -> Act:
    return Act(name, home, words, file)


LIFE: tuple[Act, ...] = (
    _act("init-ca", "ca", "init", "--agency", "civil-affairs", "--county", "522722", "--carrier", "dir:mail"),
    _act("init-edu", "edu", "init", "--agency", "education", "--county", "522722", "--carrier", "dir:mail"),
    _act("init-rr", "rr", "init", "--agency", "rural-revitalization", "--county", "522722", "--carrier", "dir:mail"),
    _act("export-edu", "edu", "trust", "export", file="edu.json"),
    _act("export-rr", "rr", "trust", "export", file="rr.json"),
    _act("card-edu", "ca", "trust", "import", "edu.json"),
    _act("card-rr", "ca", "trust", "import", "rr.json"),
    _act("sign", "ca", "trust", "sign", file="trust.json"),
    _act("list-edu", "edu", "trust", "import", "trust.json"),
    _act("list-rr", "rr", "trust", "import", "trust.json"),
    _act("areas", "ca", "import", "areas.csv", "--period", "2023-03"),
    _act("import", "ca", "import", "march.csv", "--period", "2023-03"),
    _act("publish", "ca", "publish", "--period", "2023-03"),
    _act("collect", "edu", "collect", "--sink", "{sink}"),
    _act("import-mended", "ca", "import", "mended.csv", "--period", "2023-03", "--replace", "补正一行"),
    _act("publish-completed", "ca", "publish", "--period", "2023-03"),
    _act("collect-completed", "edu", "collect", "--sink", "{sink}"),
    _act("import-corrected", "ca", "import", "corrected.csv", "--period", "2023-03", "--replace", "更正"),
    _act("publish-revised", "ca", "publish", "--period", "2023-03", "--revise", "更正"),
    _act("collect-revised", "edu", "collect", "--sink", "{sink}"),
    _act("import-monitoring", "rr", "import", "monitoring.xlsx", "--period", "2023-03"),
    _act("publish-monitoring", "rr", "publish", "--period", "2023-03"),
    _act("collect-monitoring", "ca", "collect"),
    _act("decide", "ca", "intake", "decide", file="decided.json"),
    _act("confirm", "ca", "intake", "confirm", "{proposal}", "--by", "韦科员"),
    _act("outcomes", "ca", "intake", "outcomes"),
    _act("collect-outcomes", "rr", "collect", "--sink", "sqlite:///rr.db"),
    _act("sync-rr", "rr", "sync"),
    _act("sync-edu", "edu", "sync"),
    _act("sync-ca", "ca", "sync"),
    _act("import-april", "ca", "import", "april.csv", "--period", "2023-04"),
    _act("publish-april", "ca", "publish", "--period", "2023-04"),
    _act("collect-april", "edu", "collect", "--sink", "{sink}"),
    _act("collect-new", "rr", "collect", "--sink", "sqlite:///rr.db"),
    _act("receipts-ca", "ca", "sync"),
    _act("recall", "ca", "edition", "recall", "522722.assistance-persons.education.2023-04.r1", "--reason", "发错"),
    _act("collect-recalled", "edu", "collect", "--sink", "{sink}"),
    _act("receipts-recalled", "ca", "sync"),
    _act("destroy", "ca", "keys", "destroy", "--month", "2023-03", "--yes"),
)


def act_of(name: str) -> Act:
    """The act of that name."""
    return LIFE[place_of(name)]


def place_of(name: str) -> int:
    """An act's place in the life."""
    return next(number for number, act in enumerate(LIFE) if act.name == name)


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Town:
    """A folder in which the life goes on, and the means to go on with it.

    Attributes:
        folder: current directory of every command; holds the homes, `mail`, the files and the sinks.
        sink: key of SINKS.
    """

    folder: Path
    nursery: Nursery
    sink: str = "sqlite"

    def perform(self, act: Act, fault: Fault | None = None, *, here: Path | None = None) -> Done:
        """Carry out an act, in a process of its own; in another current directory if one is given."""
        log = self.folder.parent / "steps.jsonl"
        words = ["gateway", "--home", str(self.folder / act.home) if here else act.home, "--json", *self.words(act)]
        to = self.folder / act.file if act.file else None
        done = self.nursery.run(words, log, fault=fault, cwd=here or self.folder, env=environment(), to=to)
        return Done(done.returncode, done.stdout, done.stderr, read_steps(log))

    def fsck(self, home: str) -> dict[str, object]:
        """What `fsck --json` says of a home."""
        done = self.perform(_act("fsck", home, "fsck"))
        found = json.loads(done.out)
        assert isinstance(found, dict)
        return {"exit": done.code, **found}

    def words(self, act: Act) -> list[str]:
        """The act as it is typed."""
        words = [SINKS[self.sink] if word == "{sink}" else word for word in act.words]
        if "{proposal}" in words:
            proposal = str(json.loads((self.folder / "decided.json").read_text("utf-8"))["proposal"])
            words[words.index("{proposal}")] = proposal
        return words


def environment() -> dict[str, str]:
    """A clerk's: this machine's without the settings that would change a command."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GATEWAY", "LC_", "LANG", "COLUMNS"))}
    return kept | {"LANG": "zh_CN.UTF-8"}


def people(persons: int) -> County:
    """An invented county; the same every time."""
    return county(lambda size: hashlib.shake_256(b"fault tests").digest(size), persons, [MARCH, APRIL])


def lay_out(folder: Path, invented: County) -> None:
    """Put the files of the life into an empty folder."""
    folder.mkdir(parents=True)
    written = folder / "written"
    files = {(file.lists[0], file.period): file.path for file in write_files(invented, written)}
    shutil.copy(files["AREA_TABLE", None], folder / "areas.csv")
    shutil.copy(files["MONITOR_PERSON", MARCH], folder / "monitoring.xlsx")
    shutil.copy(files["DIBAO_RURAL_PERSON", APRIL], folder / "april.csv")
    with files["DIBAO_RURAL_PERSON", MARCH].open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = list(csv.reader(file))
    number = next(at for at, cell in enumerate(rows[3]) if len(cell) == 18 and cell[:17].isdecimal())
    spoilt = [row if at != 3 else [*row[:number], row[number][:-1], *row[number + 1:]] for at, row in enumerate(rows)]
    for name, lines in {"march": spoilt, "mended": rows, "corrected": rows[:-1]}.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([heads, *lines])
    shutil.rmtree(written)


def copy(source: Path, target: Path) -> None:
    """Put a folder in the place of another: times and second names (hard links) as they are, since both carry meaning here."""
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)

