"""The ways that the gateway is measured against. Each does the whole job and really runs.

The bare way starts from contract rows in memory, the harshest reading of "nothing else". The others do what the gateway does,
so they start from the source lists, in memory where the gateway's are sealed; joining heads and forming households is done for
them by columns, in their favour.
"""
