"""Decision rules (认定规则) about inbound subjects and cases: pure functions over frames, one module a rule.

A rule proposes and people decide. Every decision carries outcome, reason code, flags and the clause it rests on; what a
rule cannot know it says instead of guessing. Parameters are effective-dated data in `parameters/`.
"""
