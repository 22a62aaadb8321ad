"""Journeys of the team and its admins: chat, roster, command line."""
