"""Keeps the house: floors, sizes, words, documents."""
