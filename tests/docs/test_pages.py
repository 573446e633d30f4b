"""What can be checked about the papers without running a command of theirs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest

from tests.docs.pages import READMES, ROOT, SHARED, blocks, matches, steps, text

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
PAGES = sorted(p.relative_to(ROOT).as_posix() for p in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HOUSE = (
    "README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md",
    "docs/index.md", "docs/glossary.md", "docs/threats.md", "docs/adr/README.md",
    "docs/spec/chunk.md", "docs/spec/manifest.md", "docs/spec/receipt.md", "docs/spec/errors.md", "docs/spec/audit-events.md",
)


@pytest.mark.parametrize("page", HOUSE)
def test_the_page_is_there(page: str) -> None:
    assert len(text(page)) > 400


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    missing = [link for link in LINK.findall(text(page)) if "://" not in link and not (ROOT / page).parent.joinpath(link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", READMES)
def test_the_first_command_stands_before_line_20(page: str) -> None:
    assert steps(text(page))[0].line < 20


def test_both_readmes_show_the_same_commands() -> None:
    def commands(page: str) -> list[str]:
        return [re.sub(r"\s+#.*", "", step.command) for step in steps(text(page))]

    assert commands(READMES[0]) == commands(READMES[1])


@pytest.mark.parametrize("page", READMES)
def test_the_smallest_set_up_stands_word_for_word(page: str) -> None:
    """The block of interfaces.md, comments included in the English page and translated in the other."""
    source = SHARED / "interfaces.md"
    if not source.is_file():
        pytest.skip("needs ../shared (samples), which is not here")
    section = source.read_text(encoding="utf-8").partition("### The smallest real set-up")[2]
    lines = blocks(section, "")[0][1].splitlines()
    shown = [step.command for step in steps(text(page))]
    if page != "README.md":
        lines, shown = ([re.sub(r"\s+#.*", "", line) for line in each] for each in (lines, shown))
    start = shown.index(lines[0])
    assert shown[start : start + len(lines)] == lines


def test_ci_runs_the_readmes_test_command() -> None:
    commands = [step.command.partition("#")[0].strip() for step in steps(text("README.md"))]
    assert "make test" in commands
    script = [line for line in text(".ci/run").splitlines() if line and not line.startswith(("#", "set ", "cd ", "export "))]
    assert script == ["exec make test"]


def test_changelog_and_version_agree() -> None:
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    heads = re.findall(r"^## \[?([^\]\s]+)", text("CHANGELOG.md"), re.MULTILINE)
    assert heads[0] == "Unreleased"
    assert version in text("CHANGELOG.md")


def test_the_error_page_is_fresh() -> None:
    done = subprocess.run([sys.executable, "docs/generate_errors.py", "--check"], cwd=ROOT, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), "run make docs"


def test_decisions_are_complete_and_listed() -> None:
    pages = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1)), "numbers have no gaps"
    index = text("docs/adr/README.md")
    for page in pages:
        body = page.read_text(encoding="utf-8")
        assert list(re.findall(r"^## (\w+)", body, re.MULTILINE)) == ["Context", "Decision", "Consequences"], page.name
        assert f"]({page.name}) {body.splitlines()[0][7:]}\n" in index, f"{page.name} is not in the index under its title"


def test_the_glossary_defines_each_word_once() -> None:
    words = re.findall(r"^\| ([^|]+?) \|", text("docs/glossary.md"), re.MULTILINE)
    terms = [word for word in words if word not in {"English", "code", "---"}]
    assert len(terms) > 50
    assert len(terms) == len(set(terms))


def test_every_make_target_of_the_interfaces_that_exists_is_described() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    described = set(re.findall(r"^#   make ([a-z-]+)", text("Makefile"), re.MULTILINE))
    assert described <= targets
    assert {"demo", "test", "check", "bench"} <= described


def test_shown_output_is_compared_with_care() -> None:
    assert matches("a … c", "a b c")
    assert not matches("a … c", "a b\nc")
    assert not matches("a.c", "abc")
