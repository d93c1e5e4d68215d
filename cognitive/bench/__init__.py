"""Benchmarks of the slow process: theory of mind on stories, initiative on scenes."""
