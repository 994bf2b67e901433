package funnel

import "github.com/salesops-go/salesops/internal/lifetime"

// Spell is a stretch of ticks in which something was watched until it ended, or the watching did: a deal from its creation, a
// visit of a stage, a lead until the first call.
type Spell struct {
	// Enter is the first tick at which it was at risk of ending: 0 if it is watched from its start. What came into view later,
	// as it was there at the end of tick a, enters at a+1 (delayed entry, left truncation): had it ended before, nobody would
	// know of it. In counting-process notation (start, stop] Enter is start+1.
	Enter int `json:"enter,omitempty"`
	// Leave is the tick at which it ended, or the last at which it was seen, 0 to [MaxTick].
	Leave int `json:"leave"`
	// Exit says how it ended. "" or Open: it did not, the spell is censored.
	Exit Exit `json:"exit,omitempty"`
}

// MaxTick is the greatest tick: 2,870 years of days, 119 years of hours, 2 years of minutes.
const MaxTick = lifetime.MaxTick

// Lifetimes counts spells by the ticks at which they began to be watched and ended, by exit. That is all that the estimators
// of survival analysis read, so it stands for the spells without loss, while its size grows with the number of different
// ticks only. Any exits may be counted, up to 32 different ones.
//
// The zero value holds none and is the identity of [Lifetimes.Merge]. Lifetimes must not be copied once in use, nor used
// from several goroutines while one of them changes it.
type Lifetimes struct {
	h     lifetime.Histogram
	exits []Exit // of the causes of h, from 1
}
