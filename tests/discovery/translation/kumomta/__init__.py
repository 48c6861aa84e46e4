"""Tests of the KumoMTA emitter."""
