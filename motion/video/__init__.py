"""Videos of motion for people to look at: `motion.video.movie.write_video` (extra `vision`; with sound where `ffmpeg` is)."""
