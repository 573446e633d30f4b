"""Certificates of disability (残疾证号): the person's ID, one digit for the type, one for the grade (rule 15)."""

from __future__ import annotations

from contracts.checks.table import Table
from contracts.values.cells import marks, only


def certificate_against_id(table: Table) -> None:
    """W-CERT and null where the certificate number does not begin with the person's own number."""
    if not table.has("disability_cert_no"):
        return
    certificate = table.value("disability_cert_no")
    wrong = (certificate.str.head(18) != table.own_ids).fill_null(value=False)
    if wrong.any():
        table.values["disability_cert_no"] = only(certificate, ~wrong)
        table.add("disability_cert_no", marks("W-CERT", wrong))


def type_against_certificate(table: Table) -> None:
    """W-CERT at the type where it is not digit 19 of the certificate number; the value stays as filed."""
    if table.has("disability_type"):
        by_number = table.value("cert_no").str.slice(18, 1)
        table.add("disability_type", marks("W-CERT", (by_number != table.value("disability_type")).fill_null(value=False)))


def id_of_certificate(table: Table) -> None:
    """The person's number is the first 18 characters of the certificate number."""
    table.values["id_number"] = table.value("cert_no").str.head(18)
