"""What the platform pushes: verified, decrypted, read, and replied to."""
