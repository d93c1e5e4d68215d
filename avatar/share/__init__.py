"""A recorded session for people: one self-contained page that plays it, and a film made of that page."""
