package lifetime

// Step is an estimate from a tick on, up to the next step. Steps stand at the ticks at which a lifetime enters or exits.
type Step struct {
	// Tick is the age.
	Tick int
	// AtRisk is the number of lifetimes that could have ended at the tick.
	AtRisk int64
	// Events is how many of them did: by the cause that was asked for, or by any.
	Events int64
	// Competing is how many ended by other causes than the one that was asked for.
	Competing int64
	// Censored is how many were last seen at the tick, still going on.
	Censored int64
	// Value is the estimate.
	Value float64
	// SE is its standard error, 0 where the estimate leaves no room for one: all have ended, or none.
	SE float64
	// Survival is the estimated probability not to have ended by any cause through the tick (Kaplan and Meier).
	Survival float64
}

// step is what a row says, with no estimate yet.
func step(row Row) Step {
	return Step{Tick: row.Tick, AtRisk: row.AtRisk, Events: row.Ended(), Censored: row.Exits(Censored)}
}

// Support returns the greatest tick of which a histogram tells, -1 if there is none: the last before a stretch in which nobody
// was at risk though some were later, or else the last at which a lifetime exits. Where all who were at risk ended, so that
// survival fell to 0, though others are known to have lived on, it is the tick before.
//
// Complete reports that there are no such stretches and that all ended, so that nothing can change beyond.
func (h *Histogram) Support() (tick int, complete bool) {
	tick, died, open := -1, false, int64(0)
	for row := range h.Rows() {
		if open == 0 && tick >= 0 {
			switch {
			case died:
				return tick - 1, false
			case row.Tick > tick+1:
				return tick, false
			}
		}
		ended := row.Ended()
		open = row.AtRisk - ended - row.Exits(Censored)
		tick, died = row.Tick, ended == row.AtRisk
	}
	return tick, died
}
