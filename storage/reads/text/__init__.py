"""Reads of what customers wrote: the phrases of a period, and the words behind them."""
