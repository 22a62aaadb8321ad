"""What a change comes to: figures of two windows beside each other, alone and against those without the change."""
