"""Talking to language model servers that speak the OpenAI protocol; both rooms that do so share it. Needs the extra `agent`."""
