"""What each process needs: clock, randomness, scheduler, singletons, alarms, logs."""
