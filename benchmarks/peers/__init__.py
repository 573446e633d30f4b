"""The ways that the gateway is measured against. Each does the whole job and really runs."""
