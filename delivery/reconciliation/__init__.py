"""What both sides say of each message, put together: matched, missing, duplicate, and why. No Django."""
