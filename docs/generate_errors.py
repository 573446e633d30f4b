"""Write docs/spec/errors.md from the catalogue, or check that it is fresh.

    python docs/generate_errors.py            write it
    python docs/generate_errors.py --check    exit 1 when it differs
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import contracts.catalogue
from contracts.catalogue.entry import Entry

PAGE = Path(__file__).parent / "spec" / "errors.md"

HEAD = """\
# Error catalogue · 错误代码表

Normative. Generated from `contracts/catalogue/` by `docs/generate_errors.py`; edit the entries there, never this page.

A code is a promise: `E-` refuses (a row, a file or a command), `W-` asks a person to look, `I-` tells what was corrected. Codes are
never reused for another meaning. Words in braces are facts filled in when it happens: counts, column names, months, agencies, digests.
**No message ever contains a personal value**: no name, no ID number, no token made from one.

`E-` 拒绝；`W-` 请人核对；`I-` 已更正。代码含义不变更、不复用；提示中不出现任何个人信息。

| exit · 退出码 | means · 含义 |
|---|---|
| 0 | done · 完成 |
| 1 | data rejected · 数据被退回 |
| 2 | usage · 命令写法不对 |
| 3 | sign-in or permission · 登录或权限 |
| 4 | network, carrier or store · 网络、传输或存储 |
| 5 | conflict: duplicate, closed period · 冲突：重复、已关闭的月份 |
| 6 | key, signature or evidence · 密钥、签名或证据 |
| 130 | interrupted · 被中断 |

HTTP is the status with which the same refusal leaves the HTTP face (problem+json); findings inside a file have the code of their row only.
"""


def page() -> str:
    """The whole page, one chapter a module of the catalogue."""
    return "\n".join([HEAD, *chapters()])


def chapters() -> Iterator[str]:
    for module in sorted(pkgutil.iter_modules(contracts.catalogue.__path__), key=lambda found: found.name):
        source = import_module(f"contracts.catalogue.{module.name}")
        entries: tuple[Entry, ...] = getattr(source, "ENTRIES", ())
        if entries:
            title = (source.__doc__ or module.name).strip().splitlines()[0].rstrip(".")
            yield f"## {title}\n\n" + "\n".join(section(entry) for entry in sorted(entries, key=lambda one: one.code))


def section(entry: Entry) -> str:
    """One code: a heading to link to, the two sentences, the two remedies."""
    return (
        f"### {entry.code}\n\n"
        f"{entry.severity} · exit {entry.exit} · HTTP {entry.http}\n\n"
        f"- {entry.zh}。处理：{entry.fix_zh}\n"
        f"- {entry.en}. What to do: {entry.fix_en}\n"
    ).replace("。。", "。").replace("？。", "？").replace("..", ".").replace("?.", "?")


def main(arguments: list[str]) -> int:
    fresh = page()
    if "--check" in arguments:
        same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == fresh
        sys.stderr.write("" if same else "docs/spec/errors.md is not fresh: run make docs\n")
        return 0 if same else 1
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
