"""The published figures: what is counted, the catalogue of metrics, and the values computed from counts."""
