"""Writing into tickets: what each help desk is called with, and what becomes of a message when a call fails."""
