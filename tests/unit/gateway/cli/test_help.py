"""Every command, option and argument says what it is, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App

from gateway.cli import manual
from gateway.cli.face import Face
from gateway.cli.main import application, run

PROMISED = (
    "init", "trust export", "trust import", "trust sign", "trust show", "feeds list", "feeds show", "template", "lists list", "lists show",
    "check", "import", "publish", "preview", "edition list", "edition show", "edition recall", "edition resend", "collect", "sync",
    "receipt list", "receipt show", "receipt verify", "dead-letters", "intake list", "intake decide", "intake confirm", "intake outcomes",
    "cases", "lists map", "registrations list", "registrations export", "status", "evidence export", "verify", "fsck", "keys destroy",
    "topics plan", "topics check", "topics apply", "doctor", "backup", "restore", "demo", "version",
)  # fmt: skip


def face(language: str = "zh") -> Face:
    return Face(Path("home"), "en" if language == "en" else "zh", json=False)


def commands(app: App, path: tuple[str, ...] = ()) -> Iterator[tuple[str, App]]:
    """Every command with what is typed for it."""
    for name in app:
        if not name.startswith("-"):
            below = app[name]
            yield " ".join((*path, name)), below
            yield from commands(below, (*path, name))


def parameters() -> Iterator[tuple[str, str]]:
    """(command, option or argument)."""
    for path, app in commands(application(face())):
        if app.default_command is None:
            continue
        for argument in app.assemble_argument_collection():
            names = [name for name in argument.names if name.startswith("--")] or list(argument.names)
            yield path, names[0] if names[0].startswith("-") else names[0].upper()


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run([*words]) == 0
    return capsys.readouterr().out


def test_every_promised_command_is_there() -> None:
    assert set(PROMISED) <= {path for path, _ in commands(application(face()))}


def test_every_command_stands_in_a_group() -> None:
    grouped = {name for _, _, names in manual.GROUPS for name in names}
    assert grouped == {path for path, _ in commands(application(face())) if " " not in path}


def test_every_option_and_argument_is_explained() -> None:
    silent = [f"{path} {name}" for path, name in parameters() if manual.text_of(path, name) is None]
    assert silent == []


def test_nothing_is_explained_that_is_not_there() -> None:
    used = {name for _, name in parameters()} | {f"{path} {name}" for path, name in parameters()} | {"-o"}
    assert sorted(set(manual.OPTIONS) - used) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_help_page_is_in_one_language_and_without_frames(capsys: pytest.CaptureFixture[str], language: str) -> None:
    for path, app in commands(application(face(language))):
        page = shown(capsys, *path.split(), "--help", "--lang", language)
        assert path in page.splitlines()[0]
        assert "--home DIR" in page
        assert not set("╭╮╰╯│") & set(page), page
        assert not {"Parameters", "[required]", "STR", "PATH", "INT"} & set(page.split()), page
        if language == "zh":
            assert page.startswith("用法")
            assert "Options" not in page
        else:
            assert not [sign for sign in page if "\u3000" <= sign <= "\u9fff"], page
        assert app.help


def test_the_first_page_goes_as_a_month_does(capsys: pytest.CaptureFixture[str]) -> None:
    page = shown(capsys, "--lang", "en")
    assert [page.index(f"  {name} ") for name in ("init", "import", "publish", "collect", "intake", "fsck")] == sorted(
        page.index(f"  {name} ") for name in ("init", "import", "publish", "collect", "intake", "fsck")
    )
    assert page == shown(capsys, "--help", "--lang", "en")
