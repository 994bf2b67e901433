package funnel

// Exit is how something ended: a deal, a visit of a stage, a lifetime. "" is [Open]: it has not.
//
// The exits below are those of deals and visits; a [Change] of a pipeline has a few more, such as [PushedOut]. Lifetimes of other
// things may have exits of their own, such as "churned": see [Lifetimes].
type Exit string

// The exits of deals and visits.
const (
	Open      Exit = "open"      // not ended when last seen: censored, undecided
	Won       Exit = "won"       // the deal was won
	Lost      Exit = "lost"      // the deal was lost
	Left      Exit = "left"      // the deal left the pipeline undecided: handed over, merged, disqualified
	Advanced  Exit = "advanced"  // the visit ended with a move to a later stage
	Regressed Exit = "regressed" // the visit ended with a move to an earlier stage
)

// isOpen reports whether e is no end.
func (e Exit) isOpen() bool { return e == "" || e == Open }
