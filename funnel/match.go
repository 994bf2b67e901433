package funnel

// Match is how far an entity came through a funnel, and the chain of events that says so: the one from which counts, times to
// convert, lists and attributions are all to be taken, so that they cannot contradict each other.
//
// Of the chains of the deepest level it is the one that got there first; of these the one that began last; and of these the one
// that took every step the earliest. With [AnyOrder], where no step waits for another, it is of these the one whose events are the
// latest, or the earliest if only the first entry begins a chain.
//
// That leaves one chain, except where events of the same time can stand in for each other, with [TiesAsOrdered] and [TiesStrict]:
// then it leaves one row of Times, and Index is the same each time for the same input.
type Match struct {
	// Level is the deepest step reached, 0 to [FunnelOptions.Steps].
	Level int `json:"level"`
	// Times are the times of the Level events of the chain, never falling. Times[k-1] is when step k was taken; with AnyOrder, see
	// Filled.
	Times []int64 `json:"times,omitempty"`
	// Index are the positions of these events in the input, from 0. An event that fills several steps stands several times.
	Index []int `json:"index,omitempty"`
	// Filled are the steps that they fill, from 1, with [AnyOrder]; nil otherwise, where it would be 1 to Level. Where an event
	// could fill several the first event fills the lowest that leaves enough for the others, then the second, and so on.
	Filled []int `json:"filled,omitempty"`
	// Voided says that an exclusion ended the chain later, while its window was open and before it was complete. Level stays as it
	// was: the entity did come so far. Who wants to leave excluded entities out, as some reports do, leaves out those with Voided
	// unless another chain is Open.
	Voided bool `json:"voided,omitempty"`
	// Open says that Level can still be exceeded by a chain that stands after the last event that matters, this one or another, if
	// its next step comes until Until.
	Open bool `json:"open,omitempty"`
	// Until is the last time at which that step may come: the latest start of a chain that stands, plus the window; the greatest
	// time that there is without a window. It is 0 if not Open. At a time of knowledge t an entity is in flight if
	// Open && t <= Until; otherwise it is complete or has dropped off.
	Until int64 `json:"until,omitempty"`
}

// Deepest returns how far an entity came through a funnel, given all of its events in order of time. For many entities it is
// quicker to use one [Matcher] for all of them, or [MatchRows].
//
// Deepest returns an error ([ErrInput]) if:
//   - an option is out of its range, or does not go with another
//   - an event is before the one that stands before it
func Deepest(o FunnelOptions, events []Event) (Match, error) {
	m, err := NewMatcher(o)
	if err != nil {
		return Match{}, err
	}
	for _, e := range events {
		if err := m.read(e); err != nil {
			return Match{}, err
		}
	}
	return m.Match(), nil
}
