"""False-belief stories: formats, our generator and its oracle, who answers, and the report.

`run.false_belief_figures` is what the command `attune bench social` calls.
"""
