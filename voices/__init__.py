"""Speaking and hearing: PCM in, PCM out.

This room knows samples and nothing of ours: no calls, no documents, no settings. An engine is imported in its own
adapter only, so that whoever wants music needs no speech.
"""
