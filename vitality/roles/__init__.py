"""The parts of the pipeline: work in, fetch, read, findings out."""
