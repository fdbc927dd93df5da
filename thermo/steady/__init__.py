"""When a run has reached its steady state, and how well its means are known where the flow never settles."""
