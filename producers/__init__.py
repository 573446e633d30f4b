"""Files and tables to canonical rows to sealed editions."""
