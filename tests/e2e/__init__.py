"""The product from the outside: processes, files and what a person reads."""

import pytest

pytest.register_assert_rewrite("tests.e2e.desk", "tests.e2e.parcels", "tests.e2e.refusals")
