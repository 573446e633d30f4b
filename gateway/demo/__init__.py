"""The demonstration: one invented county, seven agencies, two months, on real homes wired by the production bootstrap."""
