"""The routing proxy: every SMTP transaction to one of two backends, journalled before it is handed over. No Django."""
