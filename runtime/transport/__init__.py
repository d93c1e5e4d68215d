"""The two transports behind `runtime.bus`: inside one event loop, and over ZeroMQ between processes."""
