"""Carriers move sealed packages, receipts, prekeys and trust lists between homes. They are believed in nothing."""
