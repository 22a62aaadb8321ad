"""Jobs that look after which responses count."""
