"""What the agent says: scenario rules, and a language model where one is configured."""
