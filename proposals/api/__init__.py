"""REST under `/api/`: translates requests into one call of the domain, and its answer into JSON."""
