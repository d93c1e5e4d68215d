"""Theory of mind: what the agent takes each person to feel, attend to, want, know and believe, each estimate with its evidence.

`estimate`, `likelihoods`, `person` and `tracker` filter what is felt and wanted, `goals` infers which declared goal somebody pursues;
`events` are what happens, `epistemic` is the model of who knows what that they are applied to, `language` reads them from English
sentences; `beliefs` keeps that model up with the running scene.
"""
