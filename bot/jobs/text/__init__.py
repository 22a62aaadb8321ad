"""What becomes of what customers write: read, mined for phrases, told by phrase."""
