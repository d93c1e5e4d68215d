"""Minds and beliefs made anew from a recording are those that were published in the session."""

from __future__ import annotations

from pathlib import Path

import pytest

from cognitive.account.replay import agent_name, moment_at
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.errors import AttuneError
from runtime.session.reader import SessionReader
from tests.runtime.session.support import write_part


@pytest.mark.parametrize("at_s", [6.0, 15.0, 33.0, 45.0, 70.0])
def test_they_are_the_same_at_any_time(keys: Path, at_s: float) -> None:
    reader = SessionReader(keys)
    at_ns = reader.media_zero_ns + round(at_s * NS_PER_S)
    cycle = [one for one in reader.messages(m.CognitiveCycle) if one.t_ns <= at_ns][-1]
    moment = moment_at(reader, at_ns)
    assert moment.t_ns == cycle.t_ns
    assert cycle.beliefs and moment.reports() == cycle.beliefs
    assert [moment.mind_of(mind.person_id) for mind in cycle.minds] == list(cycle.minds)


def test_a_whole_conversation_with_a_simulated_person_as_well(recorded: Path) -> None:
    reader = SessionReader(recorded)
    cycles = list(reader.messages(m.CognitiveCycle))
    last = [one for one in cycles if one.minds][-3]  # not the very moment in which she goes
    assert moment_at(reader, last.t_ns).reports() == last.beliefs != ()
    assert agent_name(reader) == "Ada"


def test_where_no_cycle_is_on_record_that_is_said(tmp_path: Path) -> None:
    write_part(tmp_path / "session.mcap", [m.SessionControl(t_ns=1, action="start")])
    with pytest.raises(AttuneError, match="no cycle of the slow loop"):
        moment_at(SessionReader(tmp_path))
