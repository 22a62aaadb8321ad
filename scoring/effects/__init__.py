"""What a change has brought: figures of two windows beside each other, alone and against those without the change."""
