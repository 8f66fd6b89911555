"""Training from a configuration file to a model version on disk."""
