"""The one exception of the house."""

from __future__ import annotations

from contracts.catalogue import entries
from contracts.catalogue.entry import Entry, Language

Fact = str | int


class ExchangeError(Exception):
    """A refusal with a code of the catalogue and the facts its sentence needs.

    Attributes:
        entry: the catalogue's entry.
        facts: values for the templates; never personal ones.

    Raises:
        KeyError: the code is not in the catalogue (a programming error).
    """

    def __init__(self, code: str, **facts: Fact) -> None:
        self.entry: Entry = entries()[code]
        self.facts = facts
        super().__init__(f"{code}: {self.message('en')}")

    @property
    def code(self) -> str:
        return self.entry.code

    def message(self, language: Language) -> str:
        """The sentence for a person, facts filled in."""
        return (self.entry.zh if language == "zh" else self.entry.en).format(**self.facts)

    def fix(self, language: Language) -> str:
        """The next step, facts filled in."""
        return (self.entry.fix_zh if language == "zh" else self.entry.fix_en).format(**self.facts)
