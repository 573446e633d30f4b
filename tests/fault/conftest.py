"""One nursery, and one undisturbed life, for all fault tests of a worker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.fault.life import PRELOADED
from tests.fault.nursery import Nursery
from tests.fault.trial import Lives, live


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as made:
        yield made


@pytest.fixture(scope="session")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    base = tmp_path_factory.mktemp("lives")
    with Nursery(PRELOADED) as made:
        yield live(base, made)
    shutil.rmtree(base)
