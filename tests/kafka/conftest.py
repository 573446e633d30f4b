"""What the tests on real brokers start from."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.kafka.brokers import Brokers
from tests.kafka.mailroom import KafkaMailroom
from tests.kafka.secured import Secured, secured


@pytest.fixture
def mailroom(kafka: Brokers) -> Iterator[KafkaMailroom]:
    """An empty exchange on the shared cluster."""
    made = KafkaMailroom(kafka, f"trials-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    made.open()
    yield made
    made.close()


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A cluster as a province runs it, on one node, with all agencies of county 522722 granted by plan."""
    with secured(tmp_path_factory.mktemp("secured")) as made:
        yield made
