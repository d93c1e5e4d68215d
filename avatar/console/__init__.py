"""The operator console: a page of its own for who runs a study, and the server behind it."""
