package funnel

import "time"

// View is how journeys are read: through which pipeline, with what was known when, and on which clock. The same journeys seen
// with an earlier AsOf are those that a report of that day would have seen.
type View struct {
	// Pipeline holds the stages. It must not be the zero Pipeline.
	Pipeline Pipeline
	// AsOf is the time of knowledge: later moves are not known, and deals that have not ended by then are open. It must not be
	// zero.
	AsOf time.Time
	// Since is the time from which on ends are known. Deals and visits that began before it are watched from the age they had
	// then (delayed entry, left truncation), and those that had ended are left out of lifetimes; counts take all that is
	// there. Zero stands for a complete history.
	Since time.Time
	// Clock counts ticks of age. nil is CalendarDays in UTC.
	Clock Clock
}
