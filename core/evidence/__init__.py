"""Evidence packs: what they hold, and the one file that checks them without the portal."""
