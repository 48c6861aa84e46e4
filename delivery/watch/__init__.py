"""A frozen baseline, and how the new route compares with it on the same weekdays and hours. Pure."""
