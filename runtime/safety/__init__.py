"""What the agent must not say or do: rules as data, a matcher of bounded time, and what is said instead.

Pure and of microseconds; used by the fast loop clause by clause and by the slow loop on every intention. It is a net of English word
patterns, not an understanding of harm: docs/safety.md says what it finds and what it does not.
"""
