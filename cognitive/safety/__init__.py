"""Safety of the slow loop: every intention is judged before it is sent, and senses that disagree are settled by asking."""
