"""Chapters of single kinds of reports: months, people, measures, priorities, topics."""
