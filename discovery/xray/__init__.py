"""Standing checks over all that is known of an engagement: what does not fit together, and where to mend it. Pure."""
