"""What is compared: stories in neutral steps. A new value in a module is a new story."""
