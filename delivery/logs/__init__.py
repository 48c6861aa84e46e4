"""Readers of delivery logs: Postfix, PowerMTA, KumoMTA and the journal of the proxy. No Django."""
