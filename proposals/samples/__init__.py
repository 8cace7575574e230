"""Self-written tender documents with their expected analysis, for the demo, the tests and the scoring."""
