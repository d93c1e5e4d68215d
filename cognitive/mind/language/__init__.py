"""The controlled language: English sentences about who does, sees, says and believes what, as events and queries.

`docs/controlled-language.md` lists the forms. What is not understood is None; nothing raises, every input is cut to a bounded length.
"""

from cognitive.mind.language.discourse import Discourse
from cognitive.mind.language.questions import Query, parse_question
from cognitive.mind.language.statements import parse_statement
from cognitive.mind.language.utterances import parse_question_of, parse_utterance, sentences

__all__ = [
    "Discourse",
    "Query",
    "parse_question",
    "parse_question_of",
    "parse_statement",
    "parse_utterance",
    "sentences",
]
