"""What is decided while the proxy runs: weights, drain, rollback. The last word holds, also after a restart."""
