"""What people want, by Bayesian inverse planning over the goals that a scenario declares (docs/goals.md).

`plans` makes the declared goals (`runtime.goals`) into plans with costs, `observing` reads acts off messages, `walking` judges
where somebody walks, `inference` is the filter over goals, `pursuits` keeps it up with the scene, `view` is what reasoners see.
"""
