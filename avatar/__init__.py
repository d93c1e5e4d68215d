"""The avatar room: a web page that shows the agent and the small server that feeds it.

It imports only `runtime`. The page speaks the house's own wire messages (MessagePack) over one WebSocket.
"""
