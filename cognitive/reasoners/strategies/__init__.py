"""Ways of asking a language model, one a file, each after a paper; all give the same judgement, and answer questions on stories."""
