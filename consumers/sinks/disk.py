"""What a disk says, as what we say."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from polars.exceptions import PolarsError
from xlsxwriter.exceptions import FileCreateError

from contracts.errors import ExchangeError

_NUMBER = re.compile(r"\(os error ([0-9]+)\)")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def translated(place: str, otherwise: Literal["E-SINK-OPEN", "E-SINK-STORE", "E-SINK-DAMAGED"]) -> Iterator[None]:
    """Turn errors of the disk into E-SINK-FULL or the code given; never with what they said, which may quote a row.

    Polars gives the system's number only in its text. What is no error of the disk passes through.
    """
    try:
        yield
    except (OSError, PolarsError, FileCreateError) as error:
        number = _number(error)
        if number is None and not isinstance(error, OSError):
            raise
        if number in _FULL:
            raise ExchangeError("E-SINK-FULL", place=place) from None
        raise ExchangeError(otherwise, place=place, why=errno.errorcode.get(number or 0, type(error).__name__)) from None


def _number(error: BaseException) -> int | None:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    match = _NUMBER.search(str(error))
    if match is not None:
        return int(match[1])
    inner = error.args[0] if error.args else None
    return _number(inner) if isinstance(inner, BaseException) else None
