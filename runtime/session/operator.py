"""What operators did in a session and what became of each act. Pure function of a digest; seconds after media time zero."""

from __future__ import annotations

from typing import Any

from runtime.messages import IntentionAnswer, OperatorAct, OperatorAnswer, SafetyDecision
from runtime.session.digest import SessionDigest


def operator_lines(digest: SessionDigest) -> list[dict[str, Any]]:
    """Return one line per act in order of time.

    Keys: `t_s`, `operator`, `deed`, `what` (its words, label or channel), `initiative` (of a condition, else null), `outcome` (the last
    state that was answered, or `open`; null for the coming and going of consoles), `reason` and `safety`: the rule by which something else
    was said than the operator typed, or an empty text.
    """
    fates: dict[str, tuple[str, str]] = {}
    for intended in digest.all(IntentionAnswer):
        fates[intended.intention_id] = (intended.state, intended.reason)
    for answer in digest.all(OperatorAnswer):
        fates[answer.act_id] = (answer.state, answer.reason)
    replaced = {
        decision.intention_id: decision.rule
        for decision in digest.all(SafetyDecision)
        if decision.where == "voice" and decision.decision == "refused"
    }
    lines = []
    for act in digest.all(OperatorAct):
        outcome, reason = fates.get(act.id, ("open", ""))
        presence = act.deed in ("joined", "left")
        lines.append(
            {
                "t_s": digest.seconds(act.t_ns),
                "operator": act.operator,
                "deed": act.deed,
                "what": act.text or act.label or act.channel,
                "initiative": act.initiative if act.deed == "condition" else None,
                "outcome": None if presence else outcome,
                "reason": "" if presence else reason,
                "safety": replaced.get(act.id, ""),
            }
        )
    return lines
