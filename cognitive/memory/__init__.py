"""What the slow process remembers, within a byte budget and across restarts."""
