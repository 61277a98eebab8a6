"""What adapters may rely on."""
