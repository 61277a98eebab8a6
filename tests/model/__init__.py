"""The vocabulary keeps its own laws."""
