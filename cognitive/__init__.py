"""The slow process: memory, motivation and plans. It imports only `runtime` and meets the fast one in wire messages."""
