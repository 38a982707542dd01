"""A canary beside a stable checkpoint: counters in, a decision out, which may be looked at after every request.

Read ``evidence`` (what is counted), ``policy`` (what is decided by it), ``decision`` (the decision). The statistics are
e-processes: bets against a hypothesis whose capital, while it is true, has an expectation of at most 1 at any time at
which one looks. By Ville's inequality it ever reaches 1/α with probability α at most, so that looking often costs
nothing (Ramdas, Grünwald, Vovk, Shafer, "Game-theoretic statistics and safe anytime-valid inference", Statistical
Science 38, 2023, section 2). A fixed-sample test looked at again and again has no such bound.

Only ``unpaired``, ``paired`` and ``decision`` need numpy; whatever only holds settings or counters does not load it.

What counters must be, or the decision is worth nothing:

* An arm is drawn for each request with a known probability, the phase's weight; a change of it begins a new phase.
* A conversation that sticks to its arm counts once: one turn of it, chosen before it is answered.
* A request counts for the arm it was assigned to, whoever answered it in the end.
* Slices are chosen by the prompt alone. Nothing is left out for what the reply is: replies that are empty, cut short,
  in doubt or not there are outcomes.
* Only closed cohorts count: requests that were admitted so long ago that even slow ones have ended.
"""
