"""Files that run inside the toolchain when it starts; nothing here is imported."""
