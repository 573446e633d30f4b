"""One entry of the error catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
Severity = Literal["error", "warning", "fixed"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code means and what to do about it.

    Texts are `str.format` templates over the facts given with the error. Facts are never personal values: counts, codes,
    column names, cell references, months, agencies, digests.

    Attributes:
        code: wire string, `E-` refuses, `W-` warns, `I-` informs.
        exit: exit code of the command line (interfaces.md): 1 data rejected, 2 usage, 3 permission, 4 network, carrier or
            store, 5 conflict, 6 key, signature or evidence.
        http: status of the HTTP face.
        severity: of a finding with this code.
    """

    code: str
    exit: int
    http: int
    zh: str
    en: str
    fix_zh: str
    fix_en: str
    severity: Severity = "error"
