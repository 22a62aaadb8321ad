"""Queries beside the decisions: lists, figures, what is due."""
