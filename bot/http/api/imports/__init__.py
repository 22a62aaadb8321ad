"""Imports by API: a file is uploaded, waits its turn, and is asked after."""
