"""The JSON of the domain's rows, one module per subject."""
