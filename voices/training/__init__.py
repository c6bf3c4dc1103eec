"""Making the bundled recogniser: from recorded digits, AN4's cepstra and synthetic voices to a Vosk model, in one command.

Law: nothing here is imported by the running product; PyTorch and the rest of the `training` extra stay in this folder.
"""
