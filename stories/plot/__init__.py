"""What can happen in a story, scene by scene: every scene plays one thing, against the centre that runs.

A scene raises StoryFailed, with a sentence, when things go another way than it tells.
"""
