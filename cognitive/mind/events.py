"""What happens in a scene, as far as it changes what somebody knows.

Frozen structs, tagged for JSON, made by `cognitive.mind.language` or by whoever perceives the scene. Names are free text:
`cognitive.mind.names.normal` makes them one form. A place is a room or an area in which people see each other; "" is the one room
of a scene without named places. A spot is where a thing is: a box, a table, a person who holds it, or a place itself.
"""

from __future__ import annotations

from typing import Annotated, Literal, Union

from msgspec import Meta, Struct

from cognitive.mind.names import NAME_CHARS

Name = Annotated[str, Meta(max_length=NAME_CHARS)]
People = Annotated[tuple[Name, ...], Meta(max_length=32)]
Relation = Literal["in", "on", "under", "behind", "at", "with"]
"""How a thing is at its spot. On and at and with (in somebody's hands) it can be seen by who comes in; in, under and behind it cannot."""

PLACE = "place"
"""The attribute of a thing or person that says where it is."""
CONTENT = "content"
"""The attribute of a container that says what is in it, where its content is not tracked as a thing of its own."""


class Fact(Struct, frozen=True):
    """A proposition: the attribute of the subject has the value. `Fact("keys", "place", "drawer")`, `Fact("meeting", "time", "five")`."""

    subject: Name
    attribute: Name
    value: Name
    relation: Relation = "in"


class Enters(Struct, frozen=True, tag="enters"):
    """A person comes into a place, or is found there. `announced`: who stays behind knows where the person went."""

    person: Name
    place: Name = ""
    announced: bool = False


class Leaves(Struct, frozen=True, tag="leaves"):
    """A person goes away to where nobody of the scene is."""

    person: Name
    place: Name = ""


class IsAt(Struct, frozen=True, tag="is_at"):
    """Somebody tells the scene: the thing is at the spot. Known to everybody in the place; `place` is inferred where it is None."""

    thing: Name
    spot: Name
    relation: Relation = "in"
    place: Name | None = None


class IsSo(Struct, frozen=True, tag="is_so"):
    """Somebody tells the scene: a fact holds that is not the place of a thing. Known to everybody in the place, unless `hidden`.

    `by`: who says so, where it is one of the people.
    """

    fact: Fact
    place: Name | None = None
    hidden: bool = False
    by: Name = ""


class Moves(Struct, frozen=True, tag="moves"):
    """A person puts, moves or hides a thing: it is at the spot now. `secretly`: nobody notices."""

    person: Name
    thing: Name
    spot: Name
    relation: Relation = "in"
    secretly: bool = False


class Takes(Struct, frozen=True, tag="takes"):
    """A person takes a thing and has it."""

    person: Name
    thing: Name
    secretly: bool = False


class Labelled(Struct, frozen=True, tag="labelled"):
    """A closed container looks as if it held something: a box of sweets. Who sees it assumes so until shown otherwise."""

    container: Name
    label: Name
    content: Name = ""


class Opens(Struct, frozen=True, tag="opens"):
    """A person opens a container, or looks into it (`alone`: the others do not see inside). `secretly`: nobody notices."""

    person: Name
    container: Name
    content: Name = ""
    alone: bool = False
    secretly: bool = False


class Sees(Struct, frozen=True, tag="sees"):
    """A person perceives a fact: what is seen, heard or read. `secretly`: nobody notices; otherwise who is there does."""

    person: Name
    fact: Fact
    secretly: bool = False


class Watches(Struct, frozen=True, tag="watches"):
    """A person watches a place from outside from now on, unseen unless `openly`, until entering or leaving somewhere.

    `place` None: where the person `whom` is, or the only other place with people.
    """

    person: Name
    place: Name | None = None
    whom: Name = ""
    openly: bool = False


class Attends(Struct, frozen=True, tag="attends"):
    """A person stops or begins again to take in what happens: asleep, distracted, or back. `noticed`: the others see it."""

    person: Name
    state: Literal["awake", "distracted", "asleep"]
    noticed: bool = True


class Tells(Struct, frozen=True, tag="tells"):
    """A person says that a fact holds. It need not be true, nor does the speaker have to believe it.

    `hearers` empty: everybody in the speaker's place. Who stands by hears it too, unless `privately`. `believed_by` None: whoever does
    not see that it is otherwise.
    `own_act`: the speaker reports what the speaker did, and so knows.
    `fact.value` "" with attribute "place": the speaker tells where the thing is, as far as the speaker knows.
    """

    speaker: Name
    fact: Fact
    hearers: People = ()
    privately: bool = False
    own_act: bool = False
    believed_by: People | None = None


class Searches(Struct, frozen=True, tag="searches"):
    """A person looks for a thing at a spot: a sign of what the person believes. `spot` "" where it is not known."""

    person: Name
    thing: Name
    spot: Name = ""
    relation: Relation = "in"


class Thinks(Struct, frozen=True, tag="thinks"):
    """It is given that a person believes a fact (a narrator says so)."""

    person: Name
    fact: Fact


Event = Union[  # noqa: UP007 - msgspec evaluates it on 3.10
    Enters, Leaves, IsAt, IsSo, Moves, Takes, Labelled, Opens, Sees, Watches, Attends, Tells, Searches, Thinks
]
