"""How digests, key names, times, agencies and binary values are written on the wire. One spelling each."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime

DIGEST = re.compile(r"[0-9a-f]{64}")
"""SHA-256 in lower-case hex."""
KID = re.compile(r"[0-9a-f]{32}")
AGENCY = re.compile(r"[0-9]{6}/[a-z][a-z0-9-]{1,39}")
COUNTY = re.compile(r"[0-9]{6}")
FEED = re.compile(r"[a-z][a-z0-9-]{1,63}")
EDITION = re.compile(r"[a-z0-9][a-z0-9.-]{0,127}")
PERIOD = re.compile(r"(?:199[0-9]|20[0-9]{2}|21[0-9]{2})-(?:0[1-9]|1[0-2])")

_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")


def time_text(time: datetime) -> str:
    """`2026-11-22T09:05:00Z`.

    Raises:
        ValueError: not in UTC, not a whole second, or before the year 1000.
    """
    if time.tzinfo != UTC or time.microsecond or time.year < 1000:
        raise ValueError("a time on the wire is a whole second in UTC")
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def time_of(text: str) -> datetime:
    """The inverse of `time_text`.

    Raises:
        ValueError: any other spelling, no such day or second.
    """
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError("not a time")
    year, month, day, hour, minute, second = map(int, found.groups())
    if year < 1000:
        raise ValueError("not a time")
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def whole_second(time: datetime) -> datetime:
    """A clock's reading as it can stand on the wire: UTC, fraction cut."""
    return time.astimezone(UTC).replace(microsecond=0)


def base64_text(data: bytes) -> str:
    """RFC 4648 §4, padded."""
    return base64.b64encode(data).decode("ascii")


def base64_of(text: str) -> bytes:
    """The inverse of `base64_text`.

    Raises:
        ValueError: any other spelling, such as set bits behind the end of the data.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:  # binascii.Error, or a character that is not ASCII
        raise ValueError("not base64") from None
    if base64_text(data) != text:
        raise ValueError("not canonical base64")
    return data
