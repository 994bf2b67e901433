package funnel

import (
	"math"
	"strconv"
)

// NoWindow is the [FunnelOptions.Window] of a funnel in which a step may follow after any time.
const NoWindow int64 = math.MaxInt64

// FunnelOptions says what counts as a way through a funnel. Steps and Window have to be set; the zero values of the others are
// what most products mean by an ordered funnel with a conversion window.
//
// A chain is a row of events of an entity that satisfy step 1, step 2 and so on, in that order, with no more time from the first
// to the last than the window. The level of the entity is the number of steps of its longest chain. As all chains are considered,
// it never depends on which of them a reader happens to follow: the first step may be repeated, and a step that leads nowhere does
// not spoil another chain.
//
// Products differ in what they count. These options count as they do:
//
//	ClickHouse windowFunnel         Reuse
//	  strict_once                   the zero value
//	  strict_increase               TiesStrict
//	  strict_deduplication          Reuse, TiesBySeq, StopAtRepeat
//	  strict_order                  Reuse, TiesBySeq, StopAtSkip, StopAtOther
//	  strict_order, allow_reentry   Reuse, TiesBySeq, StopAtOther
//	Mixpanel, uniques               FirstEntry
//	  with optimized re-entry       the zero value
//	  totals                        FirstEntry, by Attempts
//	Amplitude, same second in any   the zero value, with times in whole seconds
//
// Where ClickHouse's strict_increase overwrites a chain that could still go on, and so counts too few, these options count right.
// With a stop it takes the events of one time by their steps; here the caller has to stand them in order, as a stop depends on it.
type FunnelOptions struct { //nolint:revive // Options alone would not say of what: the package has others
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
	// two visits and a purchase does not mean one visit twice, and products that let people draw a funnel do not count it twice.
	// With TiesStrict it changes nothing, as time rises from step to step.
	Reuse bool `json:"reuse,omitempty"`
	// Anchor says which entries begin a chain. "" is LatestEntry.
	Anchor Anchor `json:"anchor,omitempty"`

	// StopAtRepeat stops reading at the first event that satisfies a step which has been reached before, other than step 1. Stops
	// need an order of all events, so they go with Ordered and TiesBySeq only. The steps of an event are judged one by one, from
	// the lowest; neither the one at which reading stops counts, nor what comes after it.
	StopAtRepeat bool `json:"stopAtRepeat,omitempty"`
	// StopAtSkip stops reading, once step 1 has been reached, at the first event that satisfies a step beyond the next.
	StopAtSkip bool `json:"stopAtSkip,omitempty"`
	// StopAtOther stops reading, once step 1 has been reached, at the first event that satisfies no step.
	StopAtOther bool `json:"stopAtOther,omitempty"`
}

// Order says in which order the steps of a funnel have to be taken.
type Order string

// The orders.
const (
	// Ordered is the order of the steps; other events may lie between them.
	Ordered Order = ""
	// StrictOrder is the order of the steps, with no other event of the entity between two of them, whatever it satisfies; a chain may
	// begin at any event. Between lies, with TiesBySeq, what stands between; otherwise what has a time between: an event of the
	// same second is not in the way.
	StrictOrder Order = "strict"
	// AnyOrder is any order at all: the level is the number of different steps taken within the window. Each is filled by an
	// event of its own, unless Reuse, and as many are filled as possible. Exclusions end all chains.
	AnyOrder Order = "any"
)

// Ties says how events of the same time stand to each other.
type Ties string

// The readings of ties.
const (
	// TiesAsOrdered takes events of the same time in any order that helps, so that it does not matter how they stand. Times are
	// often coarser than what happens, and events are stored in batches. Exclusions come before steps of the same time.
	TiesAsOrdered Ties = ""
	// TiesBySeq takes events of the same time in the order in which they are given.
	TiesBySeq Ties = "seq"
	// TiesStrict takes events of the same time as not in order: time must rise from step to step. Exclusions come before steps of
	// the same time. It does not go with AnyOrder.
	TiesStrict Ties = "strict"
)

// Anchor says which entries begin a chain. An entry is an event that satisfies step 1; with AnyOrder, any step.
type Anchor string

// The anchors.
const (
	// LatestEntry lets each entry begin a chain, so that who comes back later may still convert, in a window of its own.
	LatestEntry Anchor = ""
	// FirstEntry lets only the first entry of the entity begin a chain (without an order among events of the same time, those of
	// the time of the first), whatever becomes of it.
	FirstEntry Anchor = "first"
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
	case Ordered, StrictOrder, AnyOrder:
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

// reads reports whether an event can change what a matcher says, but for the positions in Match.Index. Others may be left out.
func (o FunnelOptions) reads(e Event) bool {
	return o.Order == StrictOrder || o.StopAtOther || e.Steps&o.all() != 0 || e.Void&o.ending() != 0
}

// all has the bits of the steps.
func (o FunnelOptions) all() uint32 { return uint32(uint64(1)<<o.Steps - 1) }

// ending has the bits of the steps at which a chain can be ended.
func (o FunnelOptions) ending() uint32 { return o.all() >> 1 }
