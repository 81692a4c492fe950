"""The loops that work beside a desk."""
