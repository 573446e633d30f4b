"""`feeds`, `lists`, `template`, `check`, `import`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from rich.console import Console

from contracts.errors import ExchangeError
from contracts.ids import Period
from gateway.cli import mapping, monthly, working
from gateway.cli.face import Face, table, terminal
from gateway.cli.feeds import feeds
from gateway.cli.opening import actor, office

if TYPE_CHECKING:
    from contracts.findings import Finding
    from gateway.app.importing import FileImported, Reading
    from gateway.app.listing import Group
    from gateway.app.monthcheck import MonthCheck
    from gateway.app.office import Office


def register(app: App, face: Face) -> None:
    """Add the commands."""
    app.command(feeds(face))
    app.command(_lists(face))

    @app.command(help=face.say("输出某种来源表的空白模板", "Write an empty workbook for a source list"))
    def template(list_: Annotated[str, Parameter(name="LIST")], /, *, output: Annotated[Path, Parameter(name=("-o", "--output"))]) -> int:
        return _template(face, list_, output)

    @app.command(help=face.say("只检查文件，不保存", "Check files, keep nothing"))
    def check(
        *files: Path,
        as_: Annotated[str | None, Parameter(name="--as")] = None,
        period: str | None = None,
        annotate: Path | None = None,
        records: Path | None = None,
    ) -> int:
        return _check(face, files, as_, period, annotate, records)

    @app.command(name="import", help=face.say("检查并保存本月的来源表", "Check and keep the month's source lists"))
    def import_(
        *files: Path,
        as_: Annotated[str | None, Parameter(name="--as")] = None,
        period: str | None = None,
        accept_partial: Annotated[bool, Parameter(negative=())] = False,
        add: Annotated[bool, Parameter(negative=())] = False,
        replace: str | None = None,
        complete: str | None = None,
    ) -> int:
        return _import(face, files, as_, period, accept_partial, add, replace, complete)


def _lists(face: Face) -> App:
    lists = App(name="lists", help=face.say("来源表目录", "The source lists it can read"))

    @lists.command(name="list", help=face.say("全部来源表", "All source lists"))
    def list_() -> int:
        from contracts.lists import load_lists

        found = load_lists().values()
        document = {"lists": [{"list": each.code, "title": each.title_zh, "contract": each.contract} for each in found]}
        face.answer(
            document,
            table(
                [(each.code, face.say(each.title_zh, each.title_en)) for each in found],
                (face.say("代码", "code"), face.say("名称", "title")),
            ),
        )
        return 0

    @lists.command(name="show", help=face.say("一种来源表的列", "The columns of one list"))
    def show(list_code: str, /) -> int:
        from contracts.lists.source import source_list

        found = source_list(list_code)
        fields = [{"field": f.name, "type": f.type, "headers": list(f.headers), "required": f.required} for f in found.fields.values()]
        rows = [(f.name, f.type, " | ".join(f.headers)) for f in found.fields.values()]
        face.answer(
            {"list": found.code, "title": found.title_zh, "fields": fields},
            table(rows, (face.say("字段", "field"), face.say("类型", "type"), face.say("表头", "headers"))),
        )
        return 0

    mapping.register(lists, face)
    return lists


def _document(face: Face, reading: Reading, file: Path) -> dict[str, object]:
    """One file as interfaces.md describes it."""
    return {
        "file": str(file),
        "list": reading.list,
        "period": str(reading.period) if reading.period else None,
        "lists": list(reading.lists),
        "verdict": reading.verdict,
        "nil": reading.nil,
        "rows": reading.rows,
        "accepted": reading.accepted,
        "rejected": reading.rejected,
        "findings": [_finding(face, finding) for finding in reading.findings],
    }


def _finding(face: Face, finding: Finding) -> dict[str, object]:
    document: dict[str, object] = {
        "sheet": finding.sheet,
        "cell": finding.cell,
        "code": finding.code,
        "severity": finding.severity,
        "field": finding.field,
        "message": finding.message(face.language),
        "fix": finding.fix(face.language),
    }
    if finding.value_after is not None:
        document["value_after"] = finding.value_after
    return document


def _imported(face: Face, done: FileImported, file: Path) -> dict[str, object]:
    kept = [{"list": code, "part": part, "accepted": accepted, "rejected": rejected} for code, part, accepted, rejected in done.kept]
    document: dict[str, object] = {"imported": done.what, "kept": kept, **_document(face, done.reading, file)}
    error = done.refusal
    return document if error is None else {"error": face.error(error), **document}


def _show(face: Face, console: Console, readings: list[Reading], checks: list[MonthCheck | None]) -> None:
    for reading, month in zip(readings, checks, strict=True):
        _show_reading(face, console, reading)
        monthly.show(face, console, month, named=len(reading.lists) > 1)


def _check_month(home: Office, done: FileImported) -> MonthCheck | None:
    """The lists of a file against the month before: as they are kept now, or as the file says where it was not kept."""
    from gateway.app import monthcheck

    if done.what == "held":
        return monthcheck.of_reading(home, done.reading)
    if done.what in {"refused", "reference"} or done.reading.period is None:
        return None
    return monthcheck.of_lists(home, done.reading.period, done.reading.lists)


def show_imports(face: Face, console: Console, done: list[FileImported], checks: Sequence[MonthCheck | None] = ()) -> None:
    """What became of each file, for a person."""
    words = {
        "imported": ("√ 已保存", "√ kept"),
        "unchanged": ("√ 与已保存的相同，没有改动", "√ the same rows are there already; nothing changed"),
        "held": (
            "× 错误行超过 5 %，整份暂缓，未保存；改好后再导入，或加 --accept-partial",
            "× more than 5 % of the rows are rejected; held, nothing kept. Mend it, or add --accept-partial",
        ),
        "refused": ("× 未保存", "× not kept"),
        "nil": ("√ 零报告已登记", "√ nil report kept"),
        "reference": ("√ 区划代码表已更新", "√ divisions updated"),
    }
    for number, each in enumerate(done):
        _show_reading(face, console, each.reading)
        console.print("  " + face.say(*words[each.what]))
        monthly.show(face, console, checks[number] if checks else None, named=len(each.reading.lists) > 1)


def _show_reading(face: Face, console: Console, reading: Reading) -> None:
    """Verdict first, then what there is to do."""
    bad = reading.verdict in {"REJECT_FILE", "HOLD"} or reading.rejected
    lists = " ".join(reading.lists) or "?"
    console.print(f"{'×' if bad else '√'} {reading.file}  {lists}  {reading.period or ''}", markup=False)
    if reading.verdict != "REJECT_FILE":
        console.print(
            face.say(
                f"  {reading.rows:,} 行：{reading.accepted:,} 行可用，{reading.rejected:,} 行有错误",
                f"  {reading.rows:,} rows: {reading.accepted:,} accepted, {reading.rejected:,} rejected",
            )
        )
    _show_findings(face, console, reading)


def _show_findings(face: Face, console: Console, reading: Reading) -> None:
    """Similar findings together with their true number, the gravest first; last of all what was corrected."""
    from gateway.app import listing

    groups = listing.grouped(reading.findings)
    for group in groups:
        if group.first.severity != "fixed":
            where, times = group.places[0] if group.places else "", f" ×{group.count:,}" if group.count > 1 else ""
            said = f"{group.first.message(face.language)} → {group.first.fix(face.language)}"
            console.print(f"  {where:<10} {said}  {group.first.code}{times}")
            if group.count > 1:
                console.print(f"  {'':<10}   {_others(group)}")
    fixed = [group for group in groups if group.first.severity == "fixed"]
    if fixed:
        total = sum(group.count for group in fixed)
        console.print(face.say(f"  已自动更正 {total:,} 处", f"  {total:,} corrected"))
        for group in fixed:
            console.print(f"    {group.first.message(face.language)} ×{group.count:,}  {group.places[0]} {_others(group)}")


def _others(group: Group) -> str:
    """Where the others stand, as many as are named."""
    return " ".join(group.places[1:]) + (" …" if group.count > len(group.places) else "")


def _template(face: Face, list_: str, output: Path) -> int:
    from gateway.app import listing

    listing.template(list_, output)
    face.answer({"file": str(output)}, lambda console: console.print(face.say(f"√ 模板已写入 {output}", f"√ Template written to {output}")))
    return 0


def _check(face: Face, files: tuple[Path, ...], as_: str | None, period: str | None, annotate: Path | None, records: Path | None) -> int:
    from gateway.app import importing, listing, monthcheck

    month = Period.parse(period) if period else None
    if not files or (annotate is not None and len(files) > 1):  # one copy could not hold them all
        raise ExchangeError("E-USAGE", what="--annotate" if files else "FILE")
    try:
        home = office(face)
    except ExchangeError as error:
        if error.code != "E-HOME-NONE":
            raise
        home = None
    readings = [importing.check(home, file, as_, month) for file in working.each(face, files)]
    if records is not None:
        listing.write_records(readings, records)
    if annotate is not None:
        listing.annotate(files[0], readings[0], annotate, face.language)
    checks = [monthcheck.of_reading(home, reading) if home else None for reading in readings]
    documents = [
        {**_document(face, reading, file), **monthly.documents(face, month)}
        for reading, file, month in zip(readings, files, checks, strict=True)
    ]
    face.answer(documents[0] if len(documents) == 1 else {"files": documents}, lambda console: _show(face, console, readings, checks))
    return int(any(reading.rejected or reading.verdict == "REJECT_FILE" for reading in readings))


def _import(
    face: Face,
    files: tuple[Path, ...],
    as_: str | None,
    period: str | None,
    accept_partial: bool,
    add: bool,
    replace: str | None,
    complete: str | None,
) -> int:
    from gateway.app import importing

    if not files or (add and replace is not None):
        raise ExchangeError("E-USAGE", what="FILE" if not files else "--add --replace")
    month = Period.parse(period) if period else None
    order = importing.Order(as_, month, accept_partial, add, replace, complete)
    done: list[FileImported] = []
    home = office(face)
    try:
        for file in working.each(face, files):
            done.append(importing.import_file(home, actor(), file, order))  # noqa: PERF401  (those before a refusal count)
    except ExchangeError:
        if done and not face.json:  # what was kept before stays kept
            show_imports(face, terminal(), done)
        raise
    checks = [_check_month(home, each) for each in done]
    documents = [
        {**_imported(face, each, file), **monthly.documents(face, month)} for each, file, month in zip(done, files, checks, strict=True)
    ]
    face.answer(documents[0] if len(documents) == 1 else {"files": documents}, lambda console: show_imports(face, console, done, checks))
    return max(each.exit for each in done)
