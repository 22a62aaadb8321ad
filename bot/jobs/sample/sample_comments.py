"""What the customers of the sample company write: sentences put together from the wording of their language."""

from collections.abc import Sequence
from itertools import pairwise

from bot.jobs.sample.draws import Draws
from config.sample.company_file import CommentWording
from scoring.values import Value

__all__ = ["CommentTopic", "comment_text", "phrase_text"]


class CommentTopic(Value):
    """One thing that somebody writes about: a question, and whether it was good."""

    question: str
    is_good: bool


def phrase_text(wording: CommentWording, topic: CommentTopic, product: str, draws: Draws) -> str:
    """Return a few words about one thing."""
    template = draws.pick(wording.said[topic.question, topic.is_good])
    slots = {name: draws.pick(choices) for name, choices in wording.slots.items()}
    return template.format(product=product, **slots)


def comment_text(wording: CommentWording, topics: Sequence[CommentTopic], product: str, draws: Draws) -> str:
    """Return a comment about these things, in one or two sentences."""
    frame, text = wording.frame, phrase_text(wording, topics[0], product, draws)
    for before, topic in pairwise(topics):
        joins = frame["same" if before.is_good == topic.is_good else "join"]
        text += draws.pick(joins) + phrase_text(wording, topic, product, draws)
    opened = draws.pick(frame["open"]) + text
    return opened[:1].upper() + opened[1:] + draws.pick(frame["good_close" if topics[-1].is_good else "bad_close"])
