"""The engine process: transformers and torch behind two pipes, started as ``python -m service.engine``.

``protocol`` is what is said on the pipes and ``process`` the gateway's end of them: all that the gateway imports.
``files`` finds and checks a checkpoint's files; ``checkpoint`` loads them; ``sampling`` chooses tokens; ``text`` turns
tokens into text; ``batch`` is the step loop.
"""
