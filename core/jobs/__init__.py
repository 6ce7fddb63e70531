"""Jobs: the queue that pages put work into, and the worker process that does it."""
