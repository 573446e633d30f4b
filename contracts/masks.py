"""The closed list of mask names (脱敏方式) that a view may put on a field.

A name here is a promise of a feed file; its one definition is `security.masks.MASKS`, and a test holds the two lists together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Mask:
    """What a mask leaves to be seen.

    Attributes:
        fits: field classes of contracts that the mask is made for; on any other class a feed file is refused.
    """

    zh: str
    en: str
    fits: frozenset[str]


MASKS: Mapping[str, Mask] = MappingProxyType(
    {
        "name": Mask("只留姓（复姓留两字），其余以 * 代", "surname kept, a star for every further character", frozenset({"name"})),
        "id": Mask("证件号码留前6位和后4位", "first six and last four characters kept", frozenset({"id-number"})),
        "certificate": Mask("按证件号码处理，类别等级一并隐去", "as the ID in it; type and grade hidden", frozenset({"disability-cert"})),
        "phone": Mask("手机留前3位和后4位，座机留后4位", "mobile: first three and last four; landline: last four", frozenset({"phone"})),
        "account": Mask("账号只留后4位", "last four characters kept", frozenset({"bank-account"})),
        "address": Mask("地址只到行政村（社区），组和门牌略去", "down to the administrative village", frozenset({"address"})),
    }
)
