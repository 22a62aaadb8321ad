"""Campaigns: model, state machine, occurrences, texts."""
