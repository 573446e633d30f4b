"""What a reader says about a cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.catalogue import entries
from contracts.catalogue.entry import Language, Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark at one cell (or sheet, or file), without any personal value.

    Attributes:
        sheet: sheet name, "" in a CSV, None about the whole file.
        cell: A1 reference, None about a sheet or file.
        code: of the catalogue; its entry gives severity, sentence and remedy.
        facts: what the sentence needs.
        value_after: the corrected value, only where the field is not personal.
    """

    sheet: str | None
    cell: str | None
    code: str
    field: str | None = None
    facts: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    value_after: str | None = None

    @property
    def severity(self) -> Severity:
        return entries()[self.code].severity

    def message(self, language: Language) -> str:
        entry = entries()[self.code]
        return (entry.zh if language == "zh" else entry.en).format(**self.facts)

    def fix(self, language: Language) -> str:
        entry = entries()[self.code]
        return (entry.fix_zh if language == "zh" else entry.fix_en).format(**self.facts)
