"""Motion file formats, one module each."""
