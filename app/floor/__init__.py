"""The one door to the floor: do, ask, follow."""
