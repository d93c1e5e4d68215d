"""Where the person's voice and picture come from: a recording, a microphone, or the browser; one contract."""
