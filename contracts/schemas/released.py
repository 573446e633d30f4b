"""Find a released schema, and refuse one that is not what was released."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import cast

from contracts.avro_types import Schema
from contracts.errors import ExchangeError

LOCK = "schemas.lock"
_NAME = re.compile(r"([a-z][a-z-]*)/([1-9][0-9]?)")

# What a field holds, in the words of the law: docs, masks and the rule who may see what go by these.
CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "name": "姓名 / name of a person",
        "id-number": "公民身份号码 / citizen ID number",
        "disability-cert": "残疾人证号（含身份号码） / disability certificate, which contains the ID number",
        "certificate": "低保（特困）证号 / number of a relief certificate",
        "phone": "电话 / phone number",
        "bank-account": "金融账户 / bank account",
        "address": "住址 / address",
        "area": "行政区划 / administrative area",
        "health": "医疗健康 / health",
        "minor": "未成年人 / about a minor",
        "money": "金额（分） / money, in 分",
        "code": "代码 / word of a code table",
        "month": "月份 / month",
        "date": "日期 / date",
        "count": "数量 / count",
        "flag": "是否 / yes or no",
        "status": "特定身份 / status of a person, such as being on relief",
        "occupation": "就业就学 / work and school",
        "reference": "编号 / number given by a sender",
        "free-text": "说明文字 / free text",
    }
)


@cache
def locked() -> Mapping[str, str]:
    """Contract -> SHA-256 of its file, as released. Lines of the lock: hash, two blanks, file name."""
    lines = files(__package__).joinpath(LOCK).read_text("utf-8").splitlines()
    pairs = (line.split("  ", 1) for line in lines if line and not line.startswith("#"))
    return MappingProxyType({_contract_of(name): sha for sha, name in pairs})


def _contract_of(file_name: str) -> str:
    subject, version, _ = file_name.split(".")
    return f"{subject}/{version.removeprefix('v')}"


def contract_names() -> tuple[str, ...]:
    """Every released contract, sorted."""
    return tuple(sorted(locked()))


def load_schema(contract: str) -> Schema:
    """The strict Avro schema of a released contract; not to be changed by the caller.

    Args:
        contract: subject and version, `assistance-person/1`.

    Raises:
        ExchangeError: E-CONTRACT, there is no such contract; E-CONTRACT-LOCK, its file is not the one that was released.
    """
    return _load(contract)


@cache
def _load(contract: str) -> Schema:
    match = _NAME.fullmatch(contract)
    if not match or contract not in locked():
        raise ExchangeError("E-CONTRACT", contract=contract[:60])
    data = files(__package__).joinpath(f"{match[1]}.v{match[2]}.avsc").read_bytes()
    if hashlib.sha256(data).hexdigest() != locked()[contract]:
        raise ExchangeError("E-CONTRACT-LOCK", contract=contract)
    return cast("Schema", json.loads(data))
