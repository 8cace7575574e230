"""
The offline writer: sections composed of the library's own sentences, found by matching. It adds only what announces
them, and says what is missing.

Source: docs/generation.md, "The offline writer".
"""
