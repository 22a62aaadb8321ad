"""What an owner may change: settings, surveys, phrases and rules."""
