"""The gateway beside its peers: CPU, added latency and memory, on the same machine in one run.

Each peer is a file that says how it is installed, configured and started. ``python -m bench.peers`` measures all that
install; ``__main__`` says what is measured and how.
"""
