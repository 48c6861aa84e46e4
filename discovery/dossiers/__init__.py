"""What a person has to know about each custom component, and how much of it a configuration tells by itself. Pure."""
