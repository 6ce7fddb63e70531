"""What is fast and by how much. Each module runs alone and prints figures and ratios measured in one run."""
