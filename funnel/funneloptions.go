package funnel

import (
	"math"
	"strconv"
)

// NoWindow is the [FunnelOptions.Window] of a funnel in which a step may follow after any time.
const NoWindow = math.MaxInt64

// FunnelOptions says what counts as a way through a funnel. Steps and Window have to be set; the zero values of the others are
// what reports of the field mean when they say no more than "ordered funnel with a conversion window".
type FunnelOptions struct {
	// Steps is how many steps the funnel has, 1 to [MaxSteps].
	Steps int `json:"steps"`
	// Window is the most time from the first to the last event of a chain, in the unit of [Event.At], the end included: with a
	// window of 30 days a purchase 30 days after the sign-up counts. It must be positive; for none use [NoWindow].
	Window int64 `json:"window"`
	// Order says in which order the steps have to be taken. "" is Ordered.
	Order Order `json:"order,omitempty"`
	// Ties says how events of the same time stand to each other. "" is TiesAsOrdered.
	Ties Ties `json:"ties,omitempty"`
	// Reuse says that one event may fill several steps of a chain, if it satisfies them. By default it fills one: who asks for
	// "two visits, then a purchase" does not mean one visit twice, and the purchase that also is a visit is one of them. With
	// TiesStrict time rises from step to step, so that there is nothing to reuse.
	Reuse bool `json:"reuse,omitempty"`
	// Anchor says which entries begin a chain. "" is LatestEntry.
	Anchor Anchor `json:"anchor,omitempty"`

	// StopAtRepeat stops reading at the first event that satisfies a step other than the first which has been reached already.
	// Neither that event nor a later one counts.
	StopAtRepeat bool `json:"stopAtRepeat,omitempty"`
	// StopAtSkip stops reading at the first event that satisfies a step beyond the next one, once the first step has been
	// reached.
	StopAtSkip bool `json:"stopAtSkip,omitempty"`
	// StopAtOther stops reading at the first event that satisfies no step, once the first step has been reached.
	StopAtOther bool `json:"stopAtOther,omitempty"`
}

// Order says in which order the steps of a funnel have to be taken.
type Order string

// The orders.
const (
	Ordered  Order = ""       // in the order of the steps; other events may lie between them
	Strict   Order = "strict" // in the order of the steps, and no other event of the entity lies between them
	AnyOrder Order = "any"    // in any order
)

// Ties says how events of the same time stand to each other.
type Ties string

// The readings of ties.
const (
	TiesAsOrdered Ties = ""       // in order, whichever way round they stand
	TiesBySeq     Ties = "seq"    // in the order in which they are given
	TiesStrict    Ties = "strict" // not in order: time must rise from step to step
)

// Anchor says which entries begin a chain.
type Anchor string

// The anchors.
const (
	LatestEntry Anchor = ""      // every entry may
	FirstEntry  Anchor = "first" // only the first entry of the entity does, whatever becomes of it
)

// check returns all faults of the options.
func (o FunnelOptions) check() error {
	var f faults
	if o.Steps < 1 || o.Steps > MaxSteps {
		f.add(ErrInput, "", "options/steps", strconv.Itoa(o.Steps), "must be 1 to "+strconv.Itoa(MaxSteps))
	}
	if o.Window <= 0 {
		f.add(ErrInput, "", "options/window", strconv.FormatInt(o.Window, 10), "must be positive; for none use NoWindow")
	}
	switch o.Order {
	case Ordered, Strict, AnyOrder:
	default:
		f.add(ErrInput, "", "options/order", string(o.Order), `is not an order: use "", "strict" or "any"`)
	}
	switch o.Ties {
	case TiesAsOrdered, TiesBySeq:
	case TiesStrict:
		if o.Order == AnyOrder {
			f.add(ErrInput, "", "options/ties", string(o.Ties), "says that time must rise from step to step, but with AnyOrder no step comes before another: use the default")
		}
	default:
		f.add(ErrInput, "", "options/ties", string(o.Ties), `is not a reading of ties: use "", "seq" or "strict"`)
	}
	switch o.Anchor {
	case LatestEntry, FirstEntry:
	default:
		f.add(ErrInput, "", "options/anchor", string(o.Anchor), `is not an anchor: use "" or "first"`)
	}
	for _, stop := range []struct {
		path string
		on   bool
	}{{"stopAtRepeat", o.StopAtRepeat}, {"stopAtSkip", o.StopAtSkip}, {"stopAtOther", o.StopAtOther}} {
		if stop.on && (o.Order != Ordered || o.Ties != TiesBySeq) {
			f.add(ErrInput, "", "options/"+stop.path, "true", "needs an order of the steps and of all events: use Ordered and TiesBySeq")
		}
	}
	return f.err()
}

// reads reports whether an event can change what a matcher says. Others may be left out.
func (o FunnelOptions) reads(e Event) bool {
	return o.Order == Strict || o.StopAtOther || e.Steps&o.all() != 0 || e.Void&o.ending() != 0
}

// all has the bits of the steps.
func (o FunnelOptions) all() uint32 { return uint32(uint64(1)<<o.Steps - 1) }

// ending has the bits of the steps at which a chain can be ended.
func (o FunnelOptions) ending() uint32 { return o.all() >> 1 }
