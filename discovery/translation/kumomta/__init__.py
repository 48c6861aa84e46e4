"""KumoMTA as a target."""
