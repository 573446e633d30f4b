"""A feed: one standing duty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contracts.errors import ExchangeError
from contracts.views import View

Kind = Literal["snapshot", "increment", "event"]
Grain = Literal["person", "household", "subject"]
Worker = Literal["sink", "intake"]
Role = Literal["rows", "details", "explains"]


@dataclass(frozen=True, slots=True)
class Source:
    """A source list that a feed draws on.

    Attributes:
        list: source-list code.
        role: `rows`, its rows become rows of the feed; `details`, it fills in fields of such rows; `explains`, rules read it
            and its absence holds nothing back.
        categories: whose list it is; the first is the category of a row that states none. Empty where rows have none.
    """

    list: str
    role: Role
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """One standing duty to hand something over each period.

    Attributes:
        name: `assistance-persons`.
        duties: numbers in the list of duties (D1-D50).
        sender: agency code.
        kind: `snapshot`, absent means gone; `increment`, absent means nothing; `event`, cases.
        grain: what a row is.
        contract: of the rows before they are cut, `assistance-person/1`.
        drawn_from: the source lists with their roles; empty where the rows come out of intake.
        due_day: day of the month after the period; a county may set another.
        worked_by: what the recipient does with it: into a sink, or through intake.
        views: one a recipient.
    """

    name: str
    title_zh: str
    title_en: str
    duties: tuple[str, ...]
    sender: str
    kind: Kind
    grain: Grain
    contract: str
    drawn_from: tuple[Source, ...]
    due_day: int
    purpose: str
    purpose_zh: str
    purpose_en: str
    clause: str
    worked_by: Worker
    views: tuple[View, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Codes of the lists whose state an edition of this feed reports: rows and details."""
        return tuple(s.list for s in self.drawn_from if s.role != "explains")

    @property
    def row_sources(self) -> tuple[str, ...]:
        """Codes of the lists whose rows become rows of the feed."""
        return tuple(s.list for s in self.drawn_from if s.role == "rows")

    @property
    def explained_by(self) -> tuple[str, ...]:
        """Codes of the lists that only rules read."""
        return tuple(s.list for s in self.drawn_from if s.role == "explains")

    @property
    def recipients(self) -> tuple[str, ...]:
        return tuple(view.to for view in self.views)

    def view_for(self, agency: str) -> View:
        """The view of a recipient.

        Raises:
            ExchangeError: E-VIEW, this feed does not go to that agency.
        """
        for view in self.views:
            if view.to == agency:
                return view
        raise ExchangeError("E-VIEW", feed=self.name, to=agency[:60])
