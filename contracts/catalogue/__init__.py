"""The closed catalogue of everything the gateway can say went wrong: one entry a code, each with its next step.

One module a subject; `entries()` is their union and refuses a code that stands twice. `docs/spec/errors.md` is generated from it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from contracts.catalogue.entry import Entry


@cache
def entries() -> Mapping[str, Entry]:
    """Code -> entry, from every module of this package that defines ENTRIES.

    Raises:
        ValueError: a code is defined twice.
    """
    found: dict[str, Entry] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        for entry in getattr(import_module(f"{__name__}.{module.name}"), "ENTRIES", ()):
            if entry.code in found:
                raise ValueError(f"{entry.code} is defined twice")
            found[entry.code] = entry
    return MappingProxyType(found)
