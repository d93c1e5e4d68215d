"""Fitting the intention text model: paraphrases varied by WordNet, vectors of words from its glosses, a small classifier on top."""
