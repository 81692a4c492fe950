"""Files into leads."""
