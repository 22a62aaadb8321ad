"""Load, decide, apply: one transaction for a batch of decisions."""
