"""May a new version of a contract follow the old ones? Backward and forward, against every version, with reasons.

*Backward*: who reads with the new version can read what was written with an old one (an old edition opened today).
*Forward*: who still reads with an old version can read what is written with the new one (a partner who has not updated).
The rules are Avro's schema resolution (Avro 1.12) on the strict schemas, and two of our own that Avro does not know: a field's
class must not get weaker, and what its values mean (code table, unit of time, mask) must stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from contracts.avro_types import Json, Schema, fields_of, name_of, strip_null
from contracts.schemas import contract_names, load_schema

Direction = Literal["backward", "forward", "meaning"]
_PROMOTED = {("int", "long")}
_MEANING = ("table", "values", "logicalType", "mask")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why one version cannot follow another.

    Attributes:
        direction: which reader fails, or `meaning` where both read but would understand something else.
        field: path of the field, "" for the record itself.
    """

    direction: Direction
    field: str
    zh: str
    en: str


def obstacles(old: Schema, new: Schema) -> tuple[Obstacle, ...]:
    """Everything that keeps `new` from following `old`; empty when it may."""
    found = [*_read(old, new, "backward", ""), *_read(new, old, "forward", "")]
    return (*found, *_meaning(old, new))


def history_obstacles(versions: Sequence[Schema]) -> tuple[tuple[int, int, Obstacle], ...]:
    """Obstacles between every two versions of a contract, oldest first: `(index of the older, of the newer, obstacle)`.

    Every pair is looked at, not only neighbours: v1 to v2 and v2 to v3 may each be right while v1 to v3 is not.
    """
    pairs = combinations(range(len(versions)), 2)
    return tuple((a, b, o) for a, b in pairs for o in obstacles(versions[a], versions[b]))


def released_obstacles() -> tuple[tuple[str, str, Obstacle], ...]:
    """The same over all released contracts, by name: `("assistance-person/1", "assistance-person/2", obstacle)`."""
    names = sorted(contract_names(), key=lambda name: (name.split("/")[0], int(name.split("/")[1])))
    subjects: dict[str, list[str]] = {}
    for name in names:
        subjects.setdefault(name.split("/")[0], []).append(name)
    return tuple(
        (group[a], group[b], obstacle)
        for group in subjects.values()
        for a, b, obstacle in history_obstacles([load_schema(name) for name in group])
    )


def _read(writer: Schema, reader: Schema, direction: Direction, path: str) -> list[Obstacle]:
    """What stops `reader` from reading the record that `writer` wrote."""
    if _full_name(writer) != _full_name(reader):
        return [Obstacle(direction, path, "记录名称不同", "the record has another name")]
    written = {name_of(f): f for f in fields_of(writer)}
    found: list[Obstacle] = []
    for field in fields_of(reader):
        name = name_of(field)
        names = [name, *_aliases(field)]
        source = next((written[n] for n in names if n in written), None)
        where = f"{path}.{name}" if path else name
        if source is not None:
            found += _resolve(source["type"], field["type"], direction, where)
        elif "default" not in field:
            zh, en = "写入方没有此字段，读取方又没有默认值", "the writer lacks it and the reader has no default"
            found.append(Obstacle(direction, where, zh, en))
    return found


def _resolve(written: Json, read: Json, direction: Direction, path: str) -> list[Obstacle]:
    """What stops a value of one type from being read as another."""
    (source, source_null), (target, target_null) = strip_null(written), strip_null(read)
    found: list[Obstacle] = []
    if source_null and not target_null:
        found.append(Obstacle(direction, path, "写入方可为空，读取方不可为空", "the writer may leave it null and the reader refuses null"))
    if isinstance(source, dict) and isinstance(target, dict) and source.get("type") == target.get("type") == "array":
        return found + _resolve(source["items"], target["items"], direction, f"{path}[]")
    if isinstance(source, dict) and isinstance(target, dict) and source.get("type") == target.get("type") == "record":
        return found + _read(source, target, direction, path)
    before, after = _bare(source), _bare(target)
    if before != after and (before, after) not in _PROMOTED:
        found.append(Obstacle(direction, path, f"类型 {before} 不能读作 {after}", f"{before} cannot be read as {after}"))
    return found


def _meaning(old: Schema, new: Schema) -> list[Obstacle]:
    """Fields whose values both versions read and understand differently."""
    before = {name_of(f): f for f in fields_of(old)}
    found: list[Obstacle] = []
    for field in fields_of(new):
        earlier = next((before[n] for n in (name_of(field), *_aliases(field)) if n in before), None)
        if earlier is None:
            continue
        if lost := sorted(_words(earlier.get("class")) - _words(field.get("class"))):
            zh, en = f"失去敏感类别 {lost[0]}", f"it loses the class {lost[0]}, on which masks and limits rest"
            found.append(Obstacle("meaning", name_of(field), zh, en))
        found += [
            Obstacle("meaning", name_of(field), f"{key} 改变，同一值含义不同", f"{key} changes, so the same value means something else")
            for key in _MEANING
            if _property(earlier, key) != _property(field, key)
        ]
    return found


def _property(field: Schema, key: str) -> Json:
    bare, _ = strip_null(field["type"])
    return bare.get(key) if key == "logicalType" and isinstance(bare, dict) else field.get(key)


def _words(value: Json) -> set[str]:
    return {str(v) for v in value} if isinstance(value, list) else set()


def _aliases(field: Schema) -> list[str]:
    return sorted(_words(field.get("aliases")))


def _full_name(schema: Schema) -> str:
    return f"{schema.get('namespace', '')}.{name_of(schema)}"


def _bare(kind: Json) -> str:
    """The name of a type, without its logical reading: Avro resolves the underlying type."""
    return str(kind["type"]) if isinstance(kind, dict) else str(kind)
