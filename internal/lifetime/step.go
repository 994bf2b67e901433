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

// Extent is how far a histogram reaches.
type Extent struct {
	// Rows is the number of rows.
	Rows int
	// Support is the greatest tick of which the histogram tells, -1 if there is none: the last before a stretch in which nobody
	// was at risk though some were later, or else the last at which a lifetime exits. Where all who were at risk ended, so that
	// survival fell to 0, though others are known to have lived on, it is the tick before.
	Support int
	// Complete reports that there are no such stretches, and that all ended who were at risk last, so that nothing can change
	// beyond.
	Complete bool
}

// Extent returns how far h reaches.
func (h *Histogram) Extent() Extent {
	e := Extent{Support: -1}
	whole, died, open, last := true, false, int64(0), -1
	for row := range h.Rows() {
		e.Rows++
		if whole && open == 0 && last >= 0 {
			switch {
			case died:
				e.Support, whole = last-1, false
			case row.Tick > last+1:
				e.Support, whole = last, false
			}
		}
		ended := row.Ended()
		open = row.AtRisk - ended - row.Exits(Censored)
		last, died = row.Tick, ended == row.AtRisk
	}
	if whole {
		e.Support, e.Complete = last, died
	}
	return e
}
