"""How a machine is made ready."""
