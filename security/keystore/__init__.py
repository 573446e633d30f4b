"""Where private keys live, the only place. Everything else asks it to sign, unwrap or compute a MAC.

The one part of `security` that touches disk. Python cannot wipe memory: whoever reads the process' memory has its keys.
"""
