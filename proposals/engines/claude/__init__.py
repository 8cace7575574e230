"""
The Claude engine: the same protocols as the offline one, through the `anthropic` SDK.

Importing the SDK costs more than a second and thousands of modules, so `engine_choice` loads `engine` and `catalogue`
by name, and only where a key is set. `options`, `metering`, `prices` and `failures` import it nowhere.

Source: docs/claude.md.
"""
