package comp

import (
	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// engine is what turns the positions of one window into pay: the curve or grid
// that its gates let work, and what its value is multiplied by. What an item
// earns is n × mult / den, with n from the curve and the same mult and den for
// the whole window, or stretch, so that nothing is rounded before its total.
type engine struct {
	k *component
	pricer
	mult, den exact.Num
	// flat is what a flat sum is multiplied by to stand over den.
	flat exact.Num
	// whole: each item earns its base times the value at the end position.
	// Otherwise it earns what the value rises by with it.
	whole bool
	// Where the walk over the items stands: the band and value of the position.
	band int
	at   exact.Num
	// For whole: the band and value of the end position.
	last int
	rate exact.Num
	// shut says which gate is not reached; "" when all are.
	shut string
	// For explanations: what gates and factors read, what pay is multiplied by in
	// the end, and what n is over before that.
	why   []Reason
	times []multiplier
	unit  exact.Num
}

// multiplier is a number that a component's pay is multiplied by.
type multiplier struct {
	text, ref, name string
	value           exact.Num
}

// pricer is the curve or the grid in force; neither pays nothing.
type pricer struct {
	curve *reader
	grid  *gridReader
}

func (p *pricer) mode() Mode {
	if p.curve == nil {
		return ""
	}
	return p.curve.mode
}

// value is what rises with the position in Marginal, Step and Linear curves and
// in grids, in Retroactive and Prospective the rate of the band.
func (p *pricer) value(pos exact.Num, band int) exact.Num {
	switch {
	case p.grid != nil:
		return p.grid.value(pos)
	case p.curve == nil:
		return exact.Num{}
	case p.curve.mode == Marginal:
		return p.curve.rated(pos, band)
	case p.curve.mode.hasRates():
		return p.curve.rate[max(band, 0)]
	default:
		return p.curve.value(pos, band)
	}
}

func (p *pricer) bandOf(pos exact.Num, near int) int {
	if p.curve == nil {
		return 0
	}
	return p.curve.band(pos, near)
}

// flats is the flat sums earned at a band.
func (p *pricer) flats(band int) exact.Num {
	if p.curve == nil || !p.curve.mode.hasRates() {
		return exact.Num{}
	}
	return p.curve.flats(band)
}

// engine prepares a window, or a stretch of it.
func (r *run) engine(k *component, t *tally, day salesops.Date) engine {
	e := engine{k: k, mult: exact.Int(1), den: k.common, flat: k.common}
	curve, ok := r.gated(&e, day)
	rate := k.Pays == "" || k.Pays == PaysRate
	switch {
	case !ok:
	case curve != nil:
		v := curve.at(t.quota)
		e.curve = &v
		switch {
		case !v.mode.hasRates():
			e.den = e.den.Mul(v.den)
			e.whole = rate
		case rate: // a rate on the measure itself: the quota cancels out
			e.whole = v.mode == Retroactive
		default:
			e.den = e.den.Mul(v.quota)
			e.flat = e.flat.Mul(v.quota)
			e.whole = v.mode == Retroactive
		}
	case k.grid != nil:
		row, rowQuota := r.reading(k.across, day)
		e.grid = k.grid.at(t.quota, row, rowQuota)
		e.den = e.den.Mul(e.grid.den)
		e.whole = rate
	}
	e.unit = e.den
	if k.Pays == PaysTarget {
		target := r.target(k, t)
		e.mult = k.weight.Mul(target)
		if r.in.Explain {
			e.times = append(e.times, multiplier{"of the component's share of the target incentive", k.ref + "/weight", "weight", k.weight},
				multiplier{"of the target incentive", k.ref + "/pays", "target", target})
		}
	}
	for i := range k.factors {
		f := &k.factors[i]
		pos, quota := r.reading(f.of, day)
		v := f.table.at(quota)
		value := v.value(pos, v.band(pos, -1))
		e.mult, e.den = e.mult.Mul(value), e.den.Mul(v.den)
		if r.in.Explain {
			name := r.c.comps[f.of].ID
			e.why = append(e.why, r.attainment(f.of, pos, quota),
				step(OpRead, "factor at that", f.ref, arg(name, ratio(pos, quota))).gives(ratio(value, v.den)))
			e.times = append(e.times, multiplier{"times the factor for " + name, f.ref, "factor", ratio(value, v.den)})
		}
	}
	return e
}

// gated returns the curve that the gates let work: the component's own, the
// Else of the first gate that is shut, or, when it has none, not ok.
func (r *run) gated(e *engine, day salesops.Date) (curve *table, ok bool) {
	for i := range e.k.gates {
		g := &e.k.gates[i]
		pos, quota := r.reading(g.of, day)
		reach := g.reach.at(quota)
		open := reach.band(pos, -1) >= 0
		if r.in.Explain {
			passed := exact.Num{}
			if open {
				passed = exact.Int(1)
			}
			e.why = append(e.why, r.attainment(g.of, pos, quota),
				step(OpTest, "gate", g.ref, arg(g.Of, ratio(pos, quota)), arg("reach", exact.From(g.Reach))).gives(passed))
		}
		if !open {
			e.shut = g.Of
			return g.shut, g.shut != nil
		}
	}
	return e.k.curve, true
}

// reading returns the position and quota of a component in its window that holds a
// day.
func (r *run) reading(of int, day salesops.Date) (pos, quota exact.Num) {
	if t := r.measured[of].at(day); t != nil {
		return t.end, t.quota
	}
	return exact.Num{}, exact.Int(1)
}

// target is the target incentive of a window.
func (r *run) target(k *component, t *tally) exact.Num {
	span := t.window
	if k.reset == PerDeal {
		span = r.c.plan.Span
	}
	span = span.Intersect(k.Span)
	if k.Measure.ToDate {
		span = span.Intersect(salesops.Period{End: r.in.Period.End})
	}
	return r.targetIn(span)
}

func (r *run) targetIn(span salesops.Period) exact.Num {
	v, _ := r.c.goalIn(&r.in.Payee, span, func(t *Term) (Goal, bool) { return t.Target, true })
	return v
}
