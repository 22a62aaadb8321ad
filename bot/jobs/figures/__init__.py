"""The figures of a period, computed once and kept for as long as nothing changes that they are computed from."""
