"""Which part of an .xlsx holds which sheet (ECMA-376 part 2: relationships)."""

from __future__ import annotations

import posixpath
import zipfile
from xml.parsers import expat

from contracts.errors import ExchangeError
from producers.reading.archive import read

_WORKBOOKS = ("/officeDocument",)


def _elements(data: bytes) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def doctype(*_args: object) -> None:
        raise ExchangeError("E-FILE-CORRUPT")

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((name.rpartition(" ")[2], {k.rpartition(" ")[2]: v for k, v in attributes.items()}))

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    try:
        parser.Parse(data, True)  # noqa: FBT003  the library's own signature
    except expat.ExpatError as error:
        raise ExchangeError("E-FILE-CORRUPT") from error
    return found


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Id -> (type, target part), of what is in the archive itself.

    Raises:
        ExchangeError: E-FILE-CORRUPT, E-FILE-SIZE.
        KeyError: the part has none.
    """
    folder, name = posixpath.split(part)
    data = read(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
    found = {}
    for element, attributes in _elements(data):
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            found[attributes.get("Id", "")] = (
                attributes.get("Type", ""),
                posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/"),
            )
    return found


def workbook_part(archive: zipfile.ZipFile) -> str:
    """The part that lists the sheets.

    Raises:
        ExchangeError: E-FILE-TYPE, the archive is neither an .xlsx nor an .xlsb.
    """
    names = set(archive.namelist())
    if "_rels/.rels" not in names:
        raise ExchangeError("E-FILE-TYPE")
    for kind, target in relations(archive, "").values():
        if kind.endswith(_WORKBOOKS) and target in names:
            folder = posixpath.dirname(target) + "/worksheets/"
            if not target.lower().endswith((".xml", ".bin")) or not any(n.startswith(folder) for n in names):
                raise ExchangeError("E-FILE-TYPE")
            return target
    raise ExchangeError("E-FILE-TYPE")


def sheet_parts(archive: zipfile.ZipFile, book: str) -> dict[str, str]:
    """Sheet name -> part, for worksheets.

    Raises:
        ExchangeError: E-FILE-CORRUPT.
    """
    targets = relations(archive, book)
    found = {}
    for element, attributes in _elements(read(archive, book)):
        if element == "sheet":
            kind, target = targets.get(attributes.get("id", ""), ("", ""))
            if kind.endswith("/worksheet"):
                found[attributes.get("name", "")] = target
    return found
