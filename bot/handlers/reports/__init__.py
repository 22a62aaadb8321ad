"""Decisions about reports that are kept, sent by the calendar, confirmed and shown to others."""
