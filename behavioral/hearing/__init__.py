"""Hearing: voice activity, prosody, revisable recognition units and the recognisers behind one contract."""
