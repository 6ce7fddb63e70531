"""SDXL of diffusers in parts: what is read of a pipeline's folder, and how its prompts are read."""
