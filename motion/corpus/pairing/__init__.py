"""Speech for motion that was recorded without it: utterances, the search that joins both, and the dialogues made of them."""
