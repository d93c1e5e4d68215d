"""Commands of the behavioral room."""
