package funnel

// Ratio is a share as the two counts that make it, so that parts can be added to the whole, and nobody takes 1 of 2 for 500
// of 1,000.
type Ratio struct {
	// Num is how many have what is asked for, 0 to Den.
	Num int64 `json:"num"`
	// Den is how many there are.
	Den int64 `json:"den"`
}

// Float returns Num / Den; ok is false if that is no share: if Den is 0, as the share of nothing is undefined and not 0, or
// Num is not 0 to Den.
func (r Ratio) Float() (share float64, ok bool) {
	if r.Den <= 0 || r.Num < 0 || r.Num > r.Den {
		return 0, false
	}
	return float64(r.Num) / float64(r.Den), true
}

// Share is how many of those that entered reached what is asked for, with those that may still do so. While some are pending
// no single number is the share: it lies between Least and Most.
type Share struct {
	// Entered is how many there are.
	Entered int64 `json:"entered"`
	// Reached is how many of them reached it.
	Reached int64 `json:"reached"`
	// Pending is how many have not, and may: they are still open.
	Pending int64 `json:"pending"`
}

// Least returns Reached of Entered: what the share will be if none of those pending makes it. Reports that call this the
// conversion make recent cohorts look bad.
func (s Share) Least() Ratio { return Ratio{s.Reached, s.Entered} }

// Most returns what the share will be if all of those pending make it.
func (s Share) Most() Ratio { return Ratio{s.Reached + s.Pending, s.Entered} }

// Settled returns Reached of those that are not pending. It is the share if those pending will fare like the others, which
// they seldom do: as a rule losses are slower or faster than wins. For an estimate that does not depend on it see
// [Lifetimes.Incidence].
func (s Share) Settled() Ratio { return Ratio{s.Reached, s.Entered - s.Pending} }
