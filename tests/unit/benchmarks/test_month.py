"""The month's benchmarks run through on a small county: every peer, every figure, the same rows for all."""

from __future__ import annotations

import warnings

import pytest

from benchmarks import intake, month, reading
from benchmarks.peers import csfle, gpg


def test_month_yields_every_figure_whose_peer_is_here() -> None:
    skipped: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the field-encryption client's dependencies warn on import
        with month.prepared(600) as bench:
            figures = {figure.name: figure for figure in month.figures(bench, 1, skipped.append)}
    expected = {"publish_vs_bare", "collect_vs_bare", "publish_vs_rowwise"}
    expected |= {"publish_vs_gpg"} if gpg.version() else set()
    expected |= {"publish_vs_csfle", "wire_bytes_vs_csfle"} if csfle.version() else set()
    assert set(figures) == expected
    assert len(skipped) == (gpg.version() is None) + (csfle.version() is None)
    assert all(figure.value > 0 for figure in figures.values())
    assert bench.wire["ours"] > 5 * 16_384, "five editions, each padded to 16 KiB at least"
    assert bench.fsyncs["publish"] > 10


@pytest.mark.parametrize("name", ["intake_us_per_subject", "check_us_per_row", "check_vs_calamine"])
def test_other_figures(name: str) -> None:
    made = {figure.name: figure for figure in (intake.figure(3000, 1), *reading.figures(1000, 1))}
    assert made[name].value > 0
    assert made[name].goal is not None
