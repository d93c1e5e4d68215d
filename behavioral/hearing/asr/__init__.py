"""Speech recognisers: one streaming contract, one file per engine, heavy engines in a worker process."""
