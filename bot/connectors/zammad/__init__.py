"""Zammad: a trigger's webhook."""
