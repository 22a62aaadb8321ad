"""Queries outside the transactions of decisions: lists, figures, what is due."""
