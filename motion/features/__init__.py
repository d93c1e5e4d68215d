"""What the motion generator hears: causal features of both people's speech at 30 frames a second.

`layout` names the numbers, `frames` says which samples a frame covers, `mel`, `onset` and `pitch` compute them, `stream` puts them
together sample by sample or whole recordings at once, `normalise` brings them to the scale of the network. numpy only, no threads.
"""
