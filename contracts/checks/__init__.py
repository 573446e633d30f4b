"""Named checks of rows and lists. Each exists once; the files of lists name those that apply to them.

Rule numbers are those of `docs/reading.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contracts.checks import amounts, answers, certificates, deaths, households, identity, places, reviews
from contracts.checks.table import Check, Table

__all__ = ["CHECKS", "DERIVATIONS", "Check", "Table"]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "id-once": identity.id_once,
        "sex-against-id": identity.sex_against_id,
        "birth-against-id": identity.birth_against_id,
        "certificate-against-id": certificates.certificate_against_id,
        "type-against-certificate": certificates.type_against_certificate,
        "head-in-list": households.head_in_list,
        "size-of-members": households.size_of_members,
        "size-of-household-rows": households.size_of_household_rows,
        "opinion-of-household": reviews.opinion_of_household,
        "single-on-top": reviews.single_on_top,
        "full-village-name": places.full_village_name,
        "death-dates": deaths.death_dates,
        "answer-complete": answers.answer_complete,
        "hundredfold": amounts.hundredfold,
    }
)
"""Check name -> check."""

DERIVATIONS: Mapping[str, Check] = MappingProxyType(
    {
        "in-school": answers.in_school,
        "id-of-certificate": certificates.id_of_certificate,
        "town-of-title": places.town_of_title,
        "taper-cause": answers.taper_cause,
        "exit-reason": answers.exit_reason,
        "exit-reason-of-exits": answers.exit_reason_of_exits,
        "answer": answers.answer,
    }
)
"""Name -> what fills a field that has no column of its own."""
