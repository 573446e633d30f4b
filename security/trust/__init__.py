"""Who may sign, who may receive: root → trust list → prekeys, and the card an agency introduces itself with.

Bytes in, verified values out; no storage, no clock. Normative text: docs/spec/trust.md.
"""
