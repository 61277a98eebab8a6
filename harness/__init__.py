"""The engine: runs scenarios through adapters and judges what it saw."""
