"""One spelling for times and bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from security import encoding


@settings(deadline=None)
@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # the zone comes from the strategy
def test_a_time_is_read_back(time: datetime) -> None:
    whole = encoding.whole_second(time)
    assert encoding.time_of(encoding.time_text(whole)) == whole


@pytest.mark.parametrize(
    "time",
    [
        datetime(2023, 3, 1),  # noqa: DTZ001  # a time without a zone is the attack
        datetime(2023, 3, 1, microsecond=1, tzinfo=UTC),
        datetime(2023, 3, 1, tzinfo=timezone(timedelta(hours=8))),
        datetime(999, 3, 1, tzinfo=UTC),
    ],
)
def test_a_time_that_would_come_back_another_is_not_written(time: datetime) -> None:
    with pytest.raises(ValueError, match="whole second"):
        encoding.time_text(time)


def test_local_time_becomes_utc() -> None:
    beijing = datetime(2023, 3, 1, 7, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=8)))
    assert encoding.time_text(encoding.whole_second(beijing)) == "2023-02-28T23:59:59Z"


@settings(deadline=None)
@given(st.binary(max_size=100))
def test_bytes_are_read_back(data: bytes) -> None:
    assert encoding.base64_of(encoding.base64_text(data)) == data


@pytest.mark.parametrize("text", ["QQ", "QR==", "QQ==\n", " QQ==", "QQ=", "Q-==", "QQ==QQ==", "QUJ=", "é"])
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError, match="base64"):
        encoding.base64_of(text)
