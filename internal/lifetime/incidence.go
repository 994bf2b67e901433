package lifetime

// Point is a curve just after a tick at which a lifetime ended. The curve is constant up to the next point.
type Point struct {
	// Tick is the age.
	Tick int
	// AtRisk is the number of lifetimes that could have ended at the tick.
	AtRisk int64
	// Exits is how many of them ended by the cause that was asked for.
	Exits int64
	// Incidence is the estimated probability to have ended by that cause through the tick.
	Incidence float64
	// Survival is the estimated probability not to have ended by any cause through the tick.
	Survival float64
}

// Incidence returns the cumulative incidence of a cause, with the others competing, and the survival, at the ticks at which
// a lifetime ended by any cause: the Aalen-Johansen estimator
//
//	F(t) = Σ S(s-) d(s) / n(s) over s <= t,  S the Kaplan-Meier estimator of all causes
//
// (Aalen and Johansen 1978; Andersen, Borgan, Gill and Keiding 1993, section IV.4). Survival and the incidences of all
// causes sum to 1. Ends by different causes at one tick are handled jointly. When entry is delayed and few are at risk at
// low ticks, one of them who ends can take survival to 0 for good; begin the clock later then.
//
// For [Censored] the incidences are 0.
func (h *Histogram) Incidence(c Cause) []Point {
	var points []Point
	survival, incidence := 1.0, 0.0
	for row := range h.Rows() {
		ended := row.Ended()
		if ended == 0 {
			continue
		}
		n := float64(row.AtRisk)
		p := Point{Tick: row.Tick, AtRisk: row.AtRisk}
		if c != Censored {
			p.Exits = row.Exits(c)
		}
		incidence += float64(survival * (float64(p.Exits) / n))
		survival *= float64(row.AtRisk-ended) / n
		p.Incidence, p.Survival = incidence, survival
		points = append(points, p)
	}
	return points
}
