"""What is said next: understanding, showing, and every reachable conversation."""
