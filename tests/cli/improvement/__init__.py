"""`huifang finding …`."""
