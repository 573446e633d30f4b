"""Three attacks on what lies between the agencies, by somebody who can write there."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.errors import ExchangeError
from gateway.app import collecting, recalling
from gateway.demo.run.cast import CIVIL, Cast, actor
from gateway.state.editions import Edition


@dataclass(frozen=True, slots=True)
class Refusal:
    """An attack and how the recipient refused it.

    Attributes:
        case: what was done, in English as `demo --json` says it; `case_zh` for the terminal.
        error: the refusal; `healed`: whether the true package came in afterwards.
    """

    case: str
    case_zh: str
    error: ExchangeError
    healed: bool

    @property
    def code(self) -> str:
        return self.error.code


def attack(cast: Cast, editions: dict[str, Edition]) -> list[Refusal]:
    """Change, cut and misdirect editions that nobody has collected yet; each recipient refuses, and takes the true one after.

    Args:
        editions: recipient -> its uncollected edition.
    """
    cast.mail.damage(editions["education"])
    cast.mail.shorten(editions["medical-insurance"])
    cast.mail.misdirect(editions["emergency"], "housing")
    cases = (
        ("one bit of a chunk changed", "改动数据块中的一位", "education", editions["education"]),
        ("chunk missing", "缺少一个数据块", "medical-insurance", editions["medical-insurance"]),
        ("delivered to another department", "投到了别的部门", "housing", editions["emergency"]),
    )
    return [Refusal(case, zh, _refused_as(cast, who, edition), _heal(cast, edition)) for case, zh, who, edition in cases]


def _refused_as(cast: Cast, recipient: str, edition: Edition) -> ExchangeError:
    """Collect at the recipient, who must refuse this edition; of a chunk that is not believed some carriers say too that it is missing."""
    done = collecting.collect(cast.office(recipient), actor(recipient), cast.sink(recipient))
    refused = [each.error for each in done.refused if each.edition == edition.id]
    if not refused or any(each.edition == edition.id for each in done.collected):
        raise AssertionError(f"{edition.id} at {recipient}: {len(refused)} refusals")
    return refused[0]


def _heal(cast: Cast, edition: Edition) -> bool:
    """The sender posts the true package again; its recipient takes it."""
    recalling.resend(cast.office(CIVIL), actor(CIVIL), edition.id)
    done = collecting.collect(cast.office(edition.recipient), actor(edition.recipient), cast.sink(edition.recipient))
    return any(each.edition == edition.id and each.result == "loaded" for each in done.collected)
