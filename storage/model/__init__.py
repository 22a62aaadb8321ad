"""What is stored: records, registers, and the errors of storing."""
