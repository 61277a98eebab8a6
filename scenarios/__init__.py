"""What is compared: stories in neutral steps; a new value is a new story."""
