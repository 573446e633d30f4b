"""Writes the vectors: `python -m tests.vectors.build [NAME ...]` makes those that are missing, or those named, anew.

Sealing and ML-DSA are randomised, so a vector made again has other bytes and the same meaning. Released vectors are kept: they show
that what was sealed long ago is still read. `test_vectors.py` compares names, expectations and descriptions with this file.
"""

from __future__ import annotations

import sys

from tests.vectors.build_chunks import chunks, packages
from tests.vectors.build_manifests import manifests
from tests.vectors.build_receipts import receipts
from tests.vectors.case import Case
from tests.vectors.vector import FOLDER


def cases() -> dict[str, Case]:
    """All cases by name.

    Raises:
        ValueError: a name stands twice.
    """
    found: dict[str, Case] = {}
    for case in (*manifests(), *chunks(), *packages(), *receipts()):
        if case.name in found:
            raise ValueError(f"two vectors named {case.name}")
        found[case.name] = case
    return found


def main(named: list[str]) -> None:
    for name, case in cases().items():
        path = FOLDER / f"{name}.vec"
        if name in named or (not named and not path.exists()):
            path.write_text(case.vector().to_text(), encoding="utf-8", newline="\n")
            print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
