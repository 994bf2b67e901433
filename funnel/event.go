package funnel

// MaxSteps is how many steps a funnel may have.
const MaxSteps = 32

// Event is something that an entity (a lead, a deal, an account) did or that happened to it, read for one funnel: which steps it
// satisfies, and which chains it ends. The caller decides both, so that a step may be any condition at all.
//
// The events of an entity stand in order of time. Those of the same time keep the order in which they stand; what that order
// means is for [Ties] to say.
type Event struct {
	// At is when, in any unit that the caller likes: seconds, nanoseconds, days. [FunnelOptions.Window] has the same unit.
	At int64 `json:"at"`
	// Steps says which steps the event satisfies: bit i stands for step i+1. 0 is an event that satisfies none. Bits beyond
	// the steps of the funnel are not read.
	Steps uint32 `json:"steps,omitempty"`
	// Void says which chains the event ends, as an exclusion (the lead unsubscribed, the deal was handed to a partner): bit i
	// stands for those that have come to step i+1 and not further. It ends them before its own steps count, so that an event
	// that is both ends the old attempt and may begin a new one. An exclusion between steps 2 and 4 is bits 1 and 2. The bit of
	// the last step is not read: a chain that is complete has arrived, and nothing ends it. With [AnyOrder], where a chain
	// stands at no step in particular, any other bit ends all chains.
	Void uint32 `json:"void,omitempty"`
}
