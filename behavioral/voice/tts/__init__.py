"""Speech engines behind one contract (`behavioral.voice.tts.contract`)."""
