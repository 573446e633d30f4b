"""Sinks: databases and folders that hold a partner's rows together with the receipts for them."""
