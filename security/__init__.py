"""Why to believe them: chunks, manifests, receipts, trust lists, the log, masks and keys. Pure, but for `keystore`."""
