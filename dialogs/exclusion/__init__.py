"""Excluding a response from figures by a person: proposed, decided by a second, reviewed by a third."""
