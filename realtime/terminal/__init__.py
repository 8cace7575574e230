"""A Python client of the protocol for terminals: connect, resume, fold, show. Knows no tender."""
