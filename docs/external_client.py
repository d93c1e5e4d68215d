import time

import msgspec
import zmq

socket = zmq.Context().socket(zmq.DEALER)
socket.connect("tcp://127.0.0.1:8770")
intention = {"type": "intention", "id": f"wave-{time.time_ns()}", "kind": "gesture", "label": "wave"}
socket.send(msgspec.msgpack.encode(intention))
while socket.poll(10_000):
    answer = msgspec.msgpack.decode(socket.recv())
    print(answer["state"], answer.get("reason", ""), "frame", answer.get("frame", -1))
    if answer["state"] in ("finished", "superseded", "expired", "rejected", "cancelled"):
        break
