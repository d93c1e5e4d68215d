// @ts-check
/** Why the agent does nothing of its own at the moment, in plain words. */

/** By the reason in `CognitiveCycle.restraint` (cognitive/motivation/gate.py). @type {Record<string, string>} */
const WORDS = {
  "nothing over threshold": "Nothing to add right now.",
  "seen in one cycle only": "Waiting: it wants to be sure first.",
  "tried in vain before": "Leaving alone what did not work before.",
  "was rejected a moment ago": "Waiting: its last try did not work out.",
  "cool-down": "Waiting: it did something of its own a moment ago.",
  "the last initiative was a moment ago": "Waiting: you may want to answer first.",
  "another plan is under way": "Busy with what it has started.",
  "the person is speaking": "Waiting: you are speaking.",
  "the agent is speaking": "Waiting: it is still speaking.",
  "a reply is due first": "Waiting: it owes you an answer first.",
  "the person has taken leave": "You have said goodbye, so it begins nothing new.",
  "the person spoke a moment ago": "Waiting: you spoke a moment ago.",
};

/** @param {string} restraint "reason" or "trigger: reason"; empty while the agent acts @returns {string} */
export function restraintWords(restraint) {
  if (!restraint) return "";
  const reason = restraint.slice(restraint.indexOf(": ") + 1).trim();
  return WORDS[reason] ?? "Waiting for a better moment.";
}
