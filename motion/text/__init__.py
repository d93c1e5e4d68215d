"""Free text to gestures: what is asked for, with which hand, where to, how big and how fast.

`matcher` answers; `encoder` holds the shipped model and the interface that larger encoders share. numpy only.
"""
