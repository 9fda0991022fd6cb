"""What software really did for each encoding, beyond what its standard says."""
