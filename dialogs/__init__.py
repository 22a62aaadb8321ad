"""What to say next: state machines and messages, pure; time is an argument."""
