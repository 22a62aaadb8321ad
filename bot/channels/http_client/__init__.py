"""HTTP calls to the platforms' interfaces: one client, one hierarchy of failures, one table of what follows."""
