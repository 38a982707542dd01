"""Reading prompts: what a conversation asks of the language and the form of its reply, from its words alone."""
