"""Sealed editions to a partner's tables, receipts, registrations and outcomes."""
