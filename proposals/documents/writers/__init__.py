"""One writer a format; each takes a finished value and returns the bytes of a file."""
