"""Commands that check and make campaigns, and the worker: check, campaign, worker."""
