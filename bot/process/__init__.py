"""What a process of ours needs: clock, randomness, scheduler, singletons, alarms, logs."""
