"""What no feed file may do, whoever writes it: show a class of field to an agency that has no use for it.

domain.md §2.3 and §3; PIPL art. 6 (least scope), 28 (sensitive information); S1: 严防公示对象身份证号、银行账号、电话号码等泄露.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contracts.avro_types import Schema, fields_of, name_of, nullable_fields
from contracts.masks import MASKS
from contracts.schemas import load_schema
from contracts.views import AgeBetween, AgeOrStudent, View

# Classes that may go unmasked only to the agencies named; classes that are not here may go to every recipient of a feed.
ALLOWED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "bank-account": frozenset({"finance", "bank"}),
        "phone": frozenset(),  # nobody needs it in full: a department asks the town
        "disability-cert": frozenset({"disabled-persons-federation"}),
        "health": frozenset({"disabled-persons-federation", "health", "emergency"}),  # emergency: who cannot care for themselves
        "money": frozenset({"finance", "bank", "civil-affairs", "rural-revitalization"}),  # incomes verified (D6), payments (D9)
        "free-text": frozenset({"civil-affairs", "rural-revitalization"}),  # reasons of an answer
    }
)


def classes_of(field: Schema) -> frozenset[str]:
    """The classes of a contract's field."""
    classes = field.get("class")
    return frozenset(str(c) for c in classes) if isinstance(classes, list) else frozenset()


def fault_of(view: View) -> str | None:
    """What is wrong with a view, in a few words, or None.

    Raises:
        ExchangeError: E-CONTRACT, its contract does not exist.
    """
    schema = load_schema(view.contract)
    by_name = {name_of(field): field for field in fields_of(schema)}
    names = view.columns
    if not names or len(set(names)) != len(names):
        return "fields stand twice or not at all"
    if unknown := [name for name in names if name not in by_name]:
        return f"the contract has no field {unknown[0]}"
    if any(isinstance(f, AgeBetween | AgeOrStudent) for f in view.row_filter) and "id_number" not in by_name:
        return "an age filter needs id_number"
    return _key_fault(view, schema) or next(filter(None, (_field_fault(view.to, by_name[f.name], f.mask) for f in view.fields)), None)


def _key_fault(view: View, schema: Schema) -> str | None:
    masked = {field.name for field in view.fields if field.mask}
    for name in view.key:
        if name not in view.columns or name in masked or name in nullable_fields(schema):
            return f"{name} cannot be a key: it is masked, may be null or is not sent"
    return None if view.key else "there is no key"


def _field_fault(to: str, field: Schema, mask: str | None) -> str | None:
    classes = classes_of(field)
    if mask is not None:
        if mask not in MASKS:
            return f"there is no mask {mask}"
        return None if classes & MASKS[mask].fits else f"mask {mask} is not made for {name_of(field)}"
    for name in sorted(classes & ALLOWED.keys()):
        if to not in ALLOWED[name]:
            return f"{to} may not see {name_of(field)} ({name}) in full"
    return None
