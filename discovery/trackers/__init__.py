"""What trackers read of the portal, and what they say back: tables and keys. Pure."""
