"""Scripted social scenes with labels, played to the slow loop on virtual time; the format is in `docs/social-bench.md`."""
