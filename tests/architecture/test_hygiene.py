"""What must not stand in any file of the repository: real people, real machines, registry hosts, the wrong SM2."""

from __future__ import annotations

import ast
import re
import subprocess
import tokenize
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from tests.architecture.modules import EVERYTHING, ROOT, load
from tests.architecture.verdict import nothing

SKIPPED_FOLDERS = {".git", ".venv", "demo-home", "build", "dist", "node_modules", "__pycache__"}
BINARY = {".png", ".jpg", ".ico", ".woff2", ".zip", ".parquet", ".xlsx", ".xls", ".cxc"}

ID_18 = re.compile(r"(?<![0-9A-Za-z])([1-8][0-9]{5})([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{3})[0-9Xx](?![0-9A-Za-z])")
ID_15 = re.compile(r"(?<![0-9A-Za-z.])([1-8][0-9]{5})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{3})(?![0-9A-Za-z])")
PHONE = re.compile(r"(?<![0-9A-Za-z.])1[3-9][0-9]{9}(?![0-9A-Za-z])")
ACCOUNT = re.compile(r"(?<![0-9A-Za-z.])62[0-9]{14,17}(?![0-9A-Za-z])")
MACHINE = re.compile(r"(?:(?<![\w.$}/-])/(?:work|root|home|Users)/|[A-Z]:\\Users\\)")
REGISTRY = re.compile(
    r"https?://[a-z0-9.-]*(?:py" r"pi|pythonhosted|npm" r"js|ma" r"ven|deb" r"ian|go" r"lang|crates)"
    r"|--index" r"-url|--extra-in" r"dex|find-li" r"nks"
)


@cache
def tracked() -> Mapping[str, str]:
    """Text of every file that is, or could be, committed, by its path."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else [p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*")]
    paths = [ROOT / name for name in names if name and not SKIPPED_FOLDERS & set(Path(name).parts)]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in paths
        if path.is_file() and path.suffix.lower() not in BINARY
    }


def hits(pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Where a pattern stands, as `path:line`."""
    for name, text in tracked().items():
        for found in pattern.finditer(text):
            yield f"{name}:{text.count(chr(10), 0, found.start()) + 1}", found


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return 1900 <= year <= 2035


def test_there_is_something_to_look_at() -> None:
    assert {"README.md", "pyproject.toml", "contracts/ids.py"} <= tracked().keys()


def test_no_id_number_that_could_be_somebodys() -> None:
    """Sequence digits 900-995 are not issued in practice; any other number with a possible birth date may be a person."""
    found = [
        where
        for pattern, century in ((ID_18, 0), (ID_15, 1900))
        for where, m in hits(pattern)
        if _is_date(century + int(m[2]), int(m[3]), int(m[4])) and not 900 <= int(m[5]) <= 995
    ]
    nothing(found, "possible ID numbers; use sequence digits 900-995")


def test_no_phone_or_account_that_could_be_somebodys() -> None:
    nothing((where for where, m in hits(PHONE) if not m[0].startswith("199000")), "phones of the samples begin with 199000")
    nothing((where for where, m in hits(ACCOUNT) if not m[0].startswith("629999")), "accounts of the samples begin with 629999")


def test_no_path_of_a_machine() -> None:
    nothing((f"{where} {m[0]}" for where, m in hits(MACHINE)), "a path of one machine is wrong on every other")
    here = [str(folder) + "/" for folder in (ROOT, Path.home()) if len(folder.parts) > 2]
    nothing((name for name, text in tracked().items() if any(folder in text for folder in here)), "names this machine's folders")


def test_no_registry_host() -> None:
    nothing((f"{where} {m[0]}" for where, m in hits(REGISTRY)), "where packages come from is the machine's business")


def test_no_gmssl() -> None:
    """That package's SM2 does not check points on the curve and its results are not constant in time (design §6)."""
    assert [name for name in tracked() if name.startswith("requirements/") and "gms" "sl" in tracked()[name].lower()] == []
    names = [
        module.name
        for module in load(ROOT, EVERYTHING).values()
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.Import, ast.ImportFrom)) and "gms" "sl" in ast.dump(node).lower()
    ]
    nothing(names, "banned")


def test_every_ignored_type_says_why() -> None:
    """`# type: ignore[code]  # reason`, and the same for noqa: a silence without a reason is a hole."""
    bare = re.compile(r"#\s*(?:type:\s*ignore(?:\[[^\]]*\])?|noqa(?::\s*[A-Z0-9, ]+)?)\s*$")
    found = [
        f"{module.name}:{token.start[0]}"
        for module in load(ROOT, EVERYTHING).values()
        for token in tokenize.tokenize(BytesIO(module.path.read_bytes()).readline)
        if token.type == tokenize.COMMENT and bare.search(token.string)
    ]
    nothing(found, "a silence without a reason is a hole")


@pytest.mark.parametrize("word", ["TO" "DO", "FIX" "ME", "X" "XX"])
def test_nothing_is_left_for_later_without_an_issue(word: str) -> None:
    found = [where for where, _ in hits(re.compile(rf"\b{word}\b")) if where.partition(":")[0].endswith((".py", ".md", "Makefile"))]
    nothing(found, "finish it, or say it in an issue")
