"""Bodies with motors: what a body can do, how frames become joint targets, and the filter that keeps every command within its limits.

`description` says what a body is, `contract` how it is driven. `safety` is the last stage before the motors and runs in the driver's
process, never in the agent's.
"""
