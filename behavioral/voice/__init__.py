"""The agent's voice: text to speech with phoneme times, mouth shapes, and the truth of what has been heard."""
