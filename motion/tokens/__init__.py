"""Motion as the network sees it: control points of a smooth curve at 15 Hz, and the way between them and clips.

`layout` is the order of numbers in a token, `spline` the curve, `codec` the way from clips and back, `legs` what stands below. numpy only.
"""
