"""
Searching the library: which passages answer a requirement, how well, and by which words.

Source: docs/matching.md.
"""
