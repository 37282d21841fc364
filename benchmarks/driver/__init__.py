"""What the benchmarks share: a clinic loaded in bulk, a served installation, a client that any tool can take the place of."""
