"""Running scenarios: what there is, what is planned, and carrying it out."""
