"""`huifang connect` and `huifang deliveries`."""
