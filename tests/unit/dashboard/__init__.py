"""The pages, the parts of them that need no database."""
