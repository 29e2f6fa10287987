"""The steps from one version of the state DB's tables to the next, run by `state.schema` at start."""
