"""A county of invented people: canonical frames of every source list, and the files that staff would send.

Everything follows from one seed. Persons are synthetic: sequence digits 900 to 995, telephones 199000…, accounts 629999….
"""

from __future__ import annotations

from gateway.demo.county.files import CountyFile, write_files
from gateway.demo.county.making import County, county

__all__ = ["County", "CountyFile", "county", "write_files"]
