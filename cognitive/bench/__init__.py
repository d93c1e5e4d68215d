"""Benches of the slow loop: initiative and restraint on scripted scenes, theory of mind on stories."""
