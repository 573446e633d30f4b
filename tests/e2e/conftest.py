"""Offices that many tests begin with, made once a session; every test works on a copy of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e import tables
from tests.e2e.desk import CIVIL, PRELOADED, Desk
from tests.e2e.transcript import Act, parse, perform
from tests.fault.nursery import Nursery

TRANSCRIPTS = Path(__file__).parent / "transcripts"
OFFICES = {"ca": CIVIL, "med": "medical-insurance", "edu": "education", "hous": "housing", "rur": "rural-revitalization"}
RURAL = "DIBAO_RURAL_PERSON"
TRUE = "01-two-offices"


@dataclass(frozen=True, slots=True)
class Played:
    """A transcript that went as written.

    Attributes:
        printed: of each act, in order.
    """

    folder: Path
    acts: tuple[Act, ...]
    printed: tuple[str, ...]

    def shown(self, words: str) -> str:
        """What the first command that holds these words printed."""
        return next(text for act, text in zip(self.acts, self.printed, strict=True) if words in " ".join(act.words.split()))


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Callable[[str], Played]:
    """Plays a transcript, once a session: several tests look at what it leaves. The first is done as an office does it, the others
    are forked."""
    known: dict[str, Played] = {}

    def play(name: str) -> Played:
        if name not in known:
            folder = tmp_path_factory.mktemp(name)
            acts = tuple(parse((TRANSCRIPTS / f"{name}.txt").read_text(encoding="utf-8")))
            known[name] = Played(folder, acts, tuple(perform(act, folder, nursery=None if name == TRUE else nursery) for act in acts))
        return known[name]

    return play


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery(PRELOADED) as made:
        yield made


@pytest.fixture(scope="session")
def founded_once(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Desk:
    folder, scratch = tmp_path_factory.mktemp("founded"), tmp_path_factory.mktemp("founded-scratch")
    desk = Desk(folder, nursery, scratch)
    desk.found(OFFICES)
    tables.areas(folder / "areas.csv")
    desk.do("ca", "import", "areas.csv", "--as", "AREA_TABLE", "--period", "2023-01")
    return desk


@pytest.fixture(scope="session")
def march_once(tmp_path_factory: pytest.TempPathFactory, founded_once: Desk) -> Desk:
    desk = founded_once.copy(tmp_path_factory.mktemp("march") / "offices")
    tables.roster(desk.folder / "march.csv", tables.people(0, 60))
    desk.do("ca", "import", "march.csv", "--as", RURAL, "--period", "2023-03")
    desk.do("ca", "publish", "--period", "2023-03")
    return desk


@pytest.fixture(scope="session")
def loaded_once(march_once: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = march_once.copy(tmp_path_factory.mktemp("loaded") / "offices")
    assert [each["rows"] for each in desk.ask("med", "collect", "--sink", "sqlite:///med.db")["collected"]] == [60]
    desk.do("ca", "sync")
    return desk


@pytest.fixture
def founded(founded_once: Desk, tmp_path: Path) -> Desk:
    """Five offices that trust each other; civil affairs knows the towns. Nothing has been imported."""
    return founded_once.copy(tmp_path / "offices")


@pytest.fixture
def march(march_once: Desk, tmp_path: Path) -> Desk:
    """Sixty people of rural dibao in three towns: March is imported and posted, and nobody has collected yet."""
    return march_once.copy(tmp_path / "offices")
