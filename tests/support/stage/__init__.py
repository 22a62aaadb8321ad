"""A world without database and network, in which conversations are played: see `tests/transcripts`.

`rows` is what the database would hold, `chats` what people see, `world` moves the clock and decides; `script` reads a
transcript, `play` performs it, `paper` writes down what came of it, `laws` says what may never happen.
"""
