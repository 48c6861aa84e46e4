"""The practice's own figures, computed from the records of the portal: each the length of a list that can be read."""
