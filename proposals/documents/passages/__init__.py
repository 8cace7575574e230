"""Documents divided into passages for the content library: DOCX, Markdown, and what any reader has found."""
