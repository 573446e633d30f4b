"""What a publish run would send: which editions, from which lists, and what stands in the way. Opens nothing, but for
lists of which towns are still to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from contracts.feeds import Feed, find_feed, load_feeds
from contracts.ids import AgencyId, Period
from contracts.views import View
from gateway.app import restored
from gateway.app.guarding import Guard
from gateway.app.office import Office
from gateway.app.rosters import MonthOfList, Register
from gateway.app.trust import believed
from gateway.state import editions
from gateway.state.editions import Edition
from gateway.state.unit import canonical
from producers.fall import Fall
from security.trust.trust import Trust

Standing = Literal["new", "same", "revision", "withdrawn"]
State = Literal["planned", "no-base", "awaiting-release", "no-keys", "withdrawn"]
Source = Mapping[str, str | int]


_OPEN = frozenset({"missing", "partial"})
"""States of a list from which more may come."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for.

    Attributes:
        feeds: names; none means every feed of this agency that comes from lists.
        nil: the named feeds are empty this month.
        revise: why an edition that was sent already is to be sent anew.
        accept_fall: why a roster may shrink by more than a fifth.
    """

    period: Period
    feeds: tuple[str, ...] = ()
    nil: bool = False
    revise: str | None = None
    accept_fall: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One edition as planned.

    Attributes:
        before: its latest revision, where one was sealed.
        standing: new, same (the latest revision says it all), a revision, or withdrawn (recalled, and nobody asked for it anew).
        digest: of the plan: view, month, what went in. The same plan is the same edition.
        inputs: list (or `base:LIST`) -> fingerprint of its rows, "" where there are none.
        sources: state of every source list, in the feed's order.
        falls: categories that the fall guard holds.
    """

    feed: Feed
    view: View
    recipient: AgencyId
    period: Period
    before: Edition | None
    standing: Standing
    state: State
    digest: str
    inputs: Mapping[str, str]
    sources: tuple[Source, ...]
    falls: tuple[Fall, ...] = ()

    @property
    def edition(self) -> str:
        return f"{self.recipient.county}.{self.feed.name}.{self.view.to}.{self.period}"

    @property
    def revision(self) -> int:
        if self.before is None:
            return 1
        return self.before.revision + (self.standing not in {"same", "withdrawn"})

    @property
    def is_due(self) -> bool:
        """Whether it is to be sealed now."""
        return self.state == "planned" and self.standing != "same"


@dataclass(frozen=True, slots=True)
class Plan:
    """A publish run before anything is opened.

    Attributes:
        missing: feeds none of whose lists are there, which are not planned.
    """

    wish: Wish
    editions: tuple[Planned, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Desk:
    """What planning looks at."""

    office: Office
    connection: Connection
    wish: Wish
    trust: Trust
    at: datetime
    register: Register
    guard: Guard


def plan(office: Office, connection: Connection, wish: Wish, *, dry: bool) -> Plan:
    """The editions due in a month.

    Args:
        dry: keys of recipients are not asked for.

    Raises:
        ExchangeError: E-FEED unknown; E-FEED-OTHERS not ours to send; E-FEED-ANSWERS not sent from lists; E-NIL-ROWS;
            E-EDITION-CHANGED; E-EDITION-WITHDRAWN, and nothing else is due; E-HOME-RESTORED, -BEHIND; E-TRUST-EXPIRED, E-TRUST-NONE.
    """
    at = office.clock()
    trust = believed(connection, at)
    if not dry:
        restored.check(connection)
        trust.newest.check_for_publishing(at)
    register = Register(connection)
    desk = _Desk(office, connection, wish, trust, at, register, Guard(office, register))
    planned: list[Planned] = []
    missing: list[str] = []
    for feed in _feeds(office, wish):
        lists = desk.register.month(wish.period, (*feed.sources, *feed.explained_by))
        if not wish.nil and all(lists[code].state == "missing" for code in feed.row_sources):
            missing.append(feed.name)
            continue
        if wish.nil and (full := [code for code in feed.row_sources if lists[code].accepted or lists[code].held]):
            raise ExchangeError("E-NIL-ROWS", feed=feed.name, list=full[0], rows=lists[full[0]].accepted + lists[full[0]].held)
        planned += [_planned(desk, feed, view, lists, dry) for view in feed.views]
    recalled = [each.before.id for each in planned if each.before is not None and each.standing == "withdrawn"]
    if recalled and not any(each.is_due for each in planned):  # else the other recipients get theirs, and this one is named
        raise ExchangeError("E-EDITION-WITHDRAWN", edition=recalled[0])
    return Plan(wish, tuple(planned), tuple(missing))


def _feeds(office: Office, wish: Wish) -> list[Feed]:
    if wish.nil and not wish.feeds:
        raise ExchangeError("E-NIL-FEED")
    ours = [feed for feed in load_feeds().values() if feed.sender == office.agency.code and feed.drawn_from]
    if not wish.feeds:
        return ours
    for name in wish.feeds:
        feed = find_feed(name)
        if feed.sender == office.agency.code and not feed.drawn_from:
            raise ExchangeError("E-FEED-ANSWERS", feed=name)
        if feed not in ours:
            raise ExchangeError("E-FEED-OTHERS", feed=name, agency=office.agency.code)
    return [feed for feed in ours if feed.name in wish.feeds]


def _planned(desk: _Desk, feed: Feed, view: View, lists: Mapping[str, MonthOfList], dry: bool) -> Planned:
    wish = desk.wish
    base = desk.register.month(wish.period.previous, feed.sources)
    inputs = {code: found.fingerprint for code, found in lists.items()}
    sources = tuple(_source(lists[code], nil=wish.nil) for code in feed.sources)
    states = {str(source["list"]): source["state"] for source in sources}
    drawn = [code for code in feed.sources if feed.kind == "increment" or (code in feed.row_sources and states[code] in _OPEN)]
    inputs |= {f"base:{code}": base[code].fingerprint for code in drawn if feed.kind in {"increment", "snapshot"}}
    stated = {"view": view.digest, "period": str(wish.period), "inputs": inputs, "states": states, "nil": wish.nil}
    digest = desk.office.keys.mac("mac/lasting", canonical(stated)).hex()
    before = editions.latest(desk.connection, feed.name, view.to, wish.period)
    recipient = AgencyId(desk.office.agency.county, view.to)
    fallen = desk.guard.falls(feed, wish.period, nil=wish.nil) if feed.kind == "snapshot" and not wish.accept_fall else ()
    state: State = "planned"
    if feed.kind == "increment" and all(found.state == "missing" for found in base.values()):
        state = "no-base"
    elif fallen:
        state = "awaiting-release"
    elif not dry and not _has_keys(desk, recipient):
        state = "no-keys"
    standing = _standing(before, digest, inputs, states, wish, snapshot=feed.kind == "snapshot")
    if standing == "withdrawn":
        state = "withdrawn"
    return Planned(feed, view, recipient, wish.period, before, standing, state, digest, inputs, sources, fallen)


def _standing(
    before: Edition | None, digest: str, inputs: Mapping[str, str], states: Mapping[str, str | int], wish: Wish, *, snapshot: bool
) -> Standing:
    """Whether an edition is new, said already, or said anew.

    A list that was missing or partial completes its edition as the next revision, also when nothing but its state has changed
    (`import --complete`): who is absent then has left; so does a correction of the month before, since of such a list the edition
    names last month's people as unconfirmed. Any other change wants a reason. With a reason, what the recipient rejected is
    sealed anew although nothing has changed: its keys or its program may have.
    """
    if before is None:
        return "new"
    if before.kind == "withdrawn":
        return "withdrawn" if wish.revise is None else "revision"
    if before.plan == digest:
        return "revision" if wish.revise is not None and before.state == "rejected" else "same"
    open_then = {code for code, source in before.sources.items() if source["state"] in _OPEN}
    changed = [code for code in {*inputs, *before.inputs} if inputs.get(code, "") != before.inputs.get(code, "")]
    completed = [code for code in open_then if states.get(code) not in _OPEN]
    if not changed and not completed and wish.revise is None:
        return "same"
    waits = {*open_then, *(f"base:{code}" for code in open_then if snapshot)}  # the unconfirmed are of the month before
    firm = [code for code in changed if before.inputs.get(code, "") and code not in waits]
    if firm and wish.revise is None:
        raise ExchangeError("E-EDITION-CHANGED", edition=before.id, list=sorted(firm)[0])
    return "revision"


def _source(found: MonthOfList, *, nil: bool) -> Source:
    state = "nil" if nil and found.state == "missing" else found.state
    return {"list": found.list, "state": state, "held": found.held}


def _has_keys(desk: _Desk, recipient: AgencyId) -> bool:
    try:
        desk.trust.recipient_key(recipient, desk.at)
    except ExchangeError as error:
        if error.code in {"E-TRUST-AGENCY", "E-PREKEY-NONE"}:
            return False
        raise
    return True
