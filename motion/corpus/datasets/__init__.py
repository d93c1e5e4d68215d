"""Data sets of speech and motion that a user downloaded, as scenes to train on: `catalogue` opens them; a module knows one layout."""
