"""A world without database and network, in which conversations are played: see `tests/transcripts`.

`rows` is what a database would hold, `chats` what people see, `world` decides and moves the clock. `script` reads a
transcript, `opening` sets its scene, `play` performs it, `paper` and `ending` write down what came of it. `walk` does
anything in any order; `laws` and `decisions` say what may never come of it.
"""
