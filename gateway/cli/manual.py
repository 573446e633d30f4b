"""The help pages: what every argument and option means, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Text = tuple[str, str, str]
"""What is to be put in (the same in both languages), Chinese, English."""

GROUPS: Sequence[tuple[str, str, tuple[str, ...]]] = (
    ("建立、密钥、维护", "Home, keys, upkeep", ("init", "trust", "keys", "topics", "doctor", "backup", "restore", "version")),
    ("名单", "Lists", ("lists", "template", "check", "import")),
    ("发送", "Sending", ("feeds", "publish", "preview", "edition", "status")),
    ("接收", "Receiving", ("collect", "sync", "receipt", "dead-letters")),
    ("认定", "Intake", ("intake", "cases", "registrations")),
    ("核查", "Audit", ("evidence", "verify", "fsck")),
    ("演示", "Demonstration", ("demo",)),
)
"""Commands as a month goes; a command that stands nowhere here fails a test."""

GLOBAL: Sequence[Text] = (
    ("--home DIR", "本单位的目录；不写时取环境变量 GATEWAY_HOME，再不然是 gateway-home", "the home; else GATEWAY_HOME, else gateway-home"),
    ("--lang zh|en", "语言；不写时随系统", "language; else that of the system"),
    ("--json", "标准输出只给一份 JSON", "exactly one JSON document on stdout"),
)

OPTIONS: Mapping[str, Text] = {
    "--accept-fall": ("REASON", "某类人数比上月降了 20 % 以上时，核实后写明原因放行", "why a category may fall by more than 20 %"),
    "--accept-partial": ("", "错误行超过 5 % 也先保存可用的行", "keep what is good although more than 5 % is rejected"),
    "--add": ("", "同一张表的又一部分；已有的身份证号不重复收", "a further part of the list; an ID already there is rejected"),
    "--agency": ("CODE", "单位代码：civil-affairs、education、hrss、housing …", "civil-affairs, education, hrss, housing …"),
    "--annotate": ("OUT.xlsx", "把错误标注在表里另存，供经办修改", "a copy of the workbook with the errors marked in it"),
    "--as": ("LIST", "按哪种来源表检查；不写时从表头认", "what the file was sent as; else recognised from its headers"),
    "--as-of": ("2023-03-31", "截至哪天；不写时是名单所在月的最后一天", "the day it is judged at; else the end of the list's month"),
    "--bootstrap": (
        "HOST:PORT,…",
        "演示用的 Kafka 集群（明文）；不写时自己起三个，完了就关",
        "a cluster without encryption for the demonstration; else three brokers of its own while it runs",
    ),
    "--by": ("NAME", "确认人姓名", "who confirms"),
    "--carrier": ("URL", "传输通道：dir:共享目录、kafka:主机:端口、https://主机", "dir:PATH, kafka:HOST:PORT or https://HOST"),
    "--complete": ("REASON", "分批交的表不会再有了，写明原因", "why no further part of the list is to come"),
    "--credentials": (
        "FILE.toml",
        "集群管理员的证书或口令文件写在哪个文件里；不写时用本单位的 [kafka]",
        "names the cluster administrator's certificate or password file; else the home's [kafka]",
    ),
    "--county": ("522722", "六位县级行政区划代码", "the county's six-digit code"),
    "--document": ("REF", "对方纸质确认的文号；写了就是登记对方的一半", "reference of the partner's paper: records the partner's half"),
    "--dry-run": ("", "只演算不发出；后面给出的文件仍会导入", "send nothing; files that are given are imported all the same"),
    "--edition": ("ID", "哪一期，见 gateway edition list", "which edition: see gateway edition list"),
    "--feed": ("FEED", "数据项，见 gateway feeds list；可写多次", "a feed: see gateway feeds list; may be repeated"),
    "--home-dir": ("DIR", "演示用的空目录", "an empty folder for the demonstration"),
    "--month": ("2023-03", "只看这个月", "this month alone"),
    "--nil": ("", "零报告：点名的数据项本月没有人（须同时写 --feed）", "declare the named feeds empty (needs --feed)"),
    "--output": ("FILE", "写到哪个文件", "the file to write"),
    "--period": ("2023-03", "月份；不写时从标题、列或文件名认", "the month; else found in title, column or file name"),
    "--person": ("-", "从标准输入读一个身份证号；不要写在命令行上", "read one ID number from stdin; never on the command line"),
    "--persons": ("N", "演示县的人数", "persons of the demonstration county"),
    "--preview": (
        "DIR",
        "把每个部门将看到的行写到这个目录（含个人信息，看完即删）",
        "write the rows that each department would see (personal: delete them)",
    ),
    "--reason": ("REASON", "原因；原样留存，不要写姓名和号码", "why; kept as it stands, so write no name or number"),
    "--records": ("OUT.jsonl", "把可用的行写成 JSON，每行一条（含个人信息）", "accepted rows as JSON, one a line (personal)"),
    "--replace": ("REASON", "用这份代替已导入的，写明原因", "take the place of what is there, with the reason"),
    "--replication": ("3", "每条记录存几份；只有试用的集群才少于 3", "copies of each record; fewer than 3 on a trial cluster alone"),
    "--revise": ("REASON", "已发出的要更正，写明原因", "why an edition that was sent is sent anew"),
    "--root": ("ROOT", "县根文件，来自 gateway trust export --root", "the county's root, from gateway trust export --root"),
    "--seed": ("TEXT", "演示县由它生成", "what the invented county follows from"),
    "--sink": (
        "URL",
        "行落到哪里：sqlite:///库.db、postgresql://…、csv:目录、xlsx:目录、parquet:目录；不写只收不落",
        "sqlite:///f.db, postgresql://…, csv:DIR, xlsx:DIR, parquet:DIR; without one nothing is loaded",
    ),
    "--set": (
        "HEADER=FIELD",
        "这一列是哪个字段；写表头或列号，FIELD 写 - 就是不读；可写多次",
        "what a column is; FIELD - for not to be read; may be repeated",
    ),
    "--confirm": ("", "记住：以后同一来源的文件都这样读", "remember it for files of this sender"),
    "--to": ("AGENCY", "收件单位代码", "the department"),
    "--trust": (
        "FILE",
        "同一集群上其他县的信任名单（gateway trust sign 的输出）；可写多次",
        "another county's trust list, from gateway trust sign; may be repeated",
    ),
    "--yes": ("", "真的执行；不写只列出后果", "do it; without it only says what dies"),
    "-o": ("FILE", "写到哪个文件", "the file to write"),
    "BUNDLE": ("", "证据包 .zip", "the evidence bundle"),
    "DIGEST": ("", "编号，至少前八位", "the digest, at least eight characters"),
    "FEED": ("", "数据项，见 gateway feeds list", "the feed: see gateway feeds list"),
    "FILE": ("", "文件", "the file"),
    "FILES": ("", "表格文件 .xlsx .xls .csv，可以多个", "tables: .xlsx .xls .csv, any number"),
    "ID": ("", "哪一期，见 gateway edition list", "which edition: see gateway edition list"),
    "IN": ("", "gateway backup 写出的文件", "the file that gateway backup wrote"),
    "LIST": ("", "来源表代码，见 gateway lists list", "a source list: see gateway lists list"),
    "LIST_CODE": ("", "来源表代码，见 gateway lists list", "a source list: see gateway lists list"),
    "OUT": ("", "写到哪个文件", "the file to write"),
    "cases --records": (
        "OUT.jsonl",
        "逐条写成 JSON（含身份证号，记入台账）",
        "one JSON object a case (with ID numbers; entered in the ledger)",
    ),
    "keys destroy --month": ("2023-03", "哪个月；必须是已经过完的月份", "the month; it must be over"),
    "preview --period": ("2023-03", "月份；不写时是最近导入的一个月", "the month; else the last one imported"),
    "publish --period": ("2023-03", "哪个月的名单", "the month to publish"),
    "publish FILES": ("", "先导入这些文件再发布", "files to import first"),
    "trust export --root": ("", "改为输出县根，供离线核验用", "the county's root instead: what offline verification wants"),
}
"""By option or argument; a command in front where the same word means something else there."""


def text_of(command: str, name: str) -> Text | None:
    """What an option or argument of a command means.

    Args:
        command: as typed, without the program: `trust export`.
        name: `--root` or `FILE`.
    """
    return OPTIONS.get(f"{command} {name}", OPTIONS.get(name))


def groups(commands: Sequence[str]) -> Mapping[str, int]:
    """Command -> number of its group; those that stand in none are left out."""
    return {name: number for number, (_, _, names) in enumerate(GROUPS) for name in names if name in commands}
