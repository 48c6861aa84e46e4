"""What becomes of every line of a Postfix estate on PowerMTA and on KumoMTA. Pure: no Django, no network."""
