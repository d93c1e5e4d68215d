"""Tools: what is offered, what a wrong call is told, and what the built-in ones do."""

import asyncio
from typing import Annotated

import pytest
from msgspec import Meta, Struct

from behavioral.dialogue import tools
from behavioral.dialogue.embodiment import Embodiment
from behavioral.dialogue.tools import Tool, Toolbox, ToolFailed, ToolResult
from runtime.clock import MonotonicClock
from runtime.ids import IdSource
from runtime.llm.chunks import ToolCall
from runtime.messages import Fact, Intention


class Seen(Struct, frozen=True, forbid_unknown_fields=True):
    times: Annotated[int, Meta(ge=1, le=3)]


def call(toolbox: Toolbox, name: str, arguments: str) -> ToolResult:
    return asyncio.run(toolbox.call(ToolCall("c1", name, arguments)))


def counting(run: object = lambda seen: f"counted to {seen.times}") -> Toolbox:
    return Toolbox([Tool("count", "Count.", Seen, run, informs=True)])  # type: ignore[arg-type]


def test_a_tool_is_offered_as_a_function_with_a_schema_in_one_piece() -> None:
    assert counting().definitions == [
        {
            "type": "function",
            "function": {
                "name": "count",
                "description": "Count.",
                "parameters": {
                    "type": "object",
                    "properties": {"times": {"type": "integer", "minimum": 1, "maximum": 3}},
                    "required": ["times"],
                    "additionalProperties": False,
                },
            },
        }
    ]


def test_a_right_call_is_done() -> None:
    assert call(counting(), "count", '{"times": 2}').content == "counted to 2"


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("fly", "{}", "no such tool; there are: count"),
        ("count", "{", "arguments"),
        ("count", '{"times": 9}', "`$.times`"),
        ("count", '{"times": 1, "speed": 2}', "speed"),
        ("count", '{"times": "two"}', "`int`"),
        ("count", "", "times"),
        ("count", "[" * 5_000, "arguments"),
        ("count", '"' + "x" * 9_000 + '"', "more than 8192"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong(name: str, arguments: str, told: str) -> None:
    result = call(counting(), name, arguments)
    assert result.content.startswith("error: ") and told in result.content
    assert result.needed, "the model may mend its call"


def test_a_tool_that_fails_hangs_or_talks_too_much_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(_arguments: Seen) -> str:
        raise ToolFailed("I have no hands")

    def breaks(_arguments: Seen) -> str:
        raise ZeroDivisionError

    async def hangs(_arguments: Seen) -> str:
        await asyncio.sleep(60)
        return ""

    monkeypatch.setattr(tools, "TOOL_TIMEOUT_S", 0.1)
    good = '{"times": 1}'
    assert call(counting(refuses), "count", good).content == "error: I have no hands"
    assert call(counting(breaks), "count", good).content == "error: the tool failed"
    assert call(counting(hangs), "count", good).content == "error: no result within 0.1 s"
    assert len(call(counting(lambda _a: "x" * 10_000), "count", good).content) == tools.RESULT_CHARS_MAX


def test_two_tools_of_one_name_are_a_mistake() -> None:
    tool = Tool("count", "Count.", Seen, lambda _a: "", informs=True)
    with pytest.raises(ValueError, match="count"):
        Toolbox([tool, tool])


class Acts:
    """A body that does what it is asked, and a slow system that listens."""

    def __init__(self, refusal: str = "") -> None:
        self.intentions: list[Intention] = []
        self.facts: list[Fact] = []
        self.refusal = refusal
        self.embodiment = Embodiment(self.intend, self.facts.append, IdSource("behavioral", 1), MonotonicClock())

    def intend(self, intention: Intention) -> str:
        self.intentions.append(intention)
        return self.refusal


@pytest.mark.parametrize(
    ("name", "arguments", "kind", "label", "content", "directed"),
    [
        ("perform_gesture", '{"label": "wave"}', "gesture", "", "wave", False),
        ("perform_gesture", '{"label": "point", "target": "left"}', "gesture", "", "point", True),
        ("look_at", '{"target": "person"}', "gaze", "", "", False),
        ("look_at", '{"target": "up"}', "gaze", "", "", True),
        ("set_expression", '{"name": "happy"}', "expression", "happy", "", False),
    ],
)
def test_what_the_body_should_do_becomes_an_intention(
    name: str, arguments: str, kind: str, label: str, content: str, directed: bool
) -> None:
    acts = Acts()
    result = call(acts.embodiment.toolbox(), name, arguments)
    assert (result.content, result.needed) == ("done", False)
    (intention,) = acts.intentions
    assert (intention.kind, intention.label, intention.content) == (kind, label, content)
    assert (intention.target is not None and intention.target.direction_rad is not None) == directed
    assert intention.trigger == "dialogue_tool"


def test_what_the_body_refuses_is_told_to_the_model() -> None:
    result = call(Acts("no gesture like 'fly' is known").embodiment.toolbox(), "perform_gesture", '{"label": "fly"}')
    assert result.content == "error: no gesture like 'fly' is known"


def test_a_fact_goes_to_the_slow_system_in_one_line() -> None:
    acts = Acts()
    result = call(acts.embodiment.toolbox(), "remember", '{"fact": "likes\\n  green tea"}')
    assert (result.content, result.needed) == ("remembered", False)
    assert [fact.text for fact in acts.facts] == ["likes green tea"]


def test_the_time_is_information() -> None:
    result = call(Acts().embodiment.toolbox(), "get_time", "")
    assert result.needed and result.content.count(":") == 1
