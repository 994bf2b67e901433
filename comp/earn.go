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
	// shut says which gate is not reached; "" when all are.
	shut string
	why  []Reason // of gates, target and factors, when explaining
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

func (p *pricer) band(pos exact.Num, near int) int {
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

// earn makes the entries of a component: what each item earns.
func (r *run) earn(j int) {
	k := &r.c.comps[j]
	m := &r.measured[j]
	lines := r.lines[:0]
	for ti := range m.tallies {
		t := &m.tallies[ti]
		if k.Measure.Quota != "" && !t.rated {
			continue // no quota and no credits: tallyUp has told of the rest
		}
		var pos exact.Num
		sum := total{den: exact.Int(1)}
		for from := 0; from == 0 || from < len(t.items); {
			n, day := r.stretch(k, t, from)
			e := r.engine(k, t, day)
			first := len(r.entries)
			pos, lines = r.walk(&e, j, t, from, n, pos, lines[:0])
			r.settle(&e, t, r.entries[first:], lines, &sum)
			from += max(n, 1)
		}
		t.earned = sum.money
	}
	r.lines = lines
}

// stretch returns how many items of a window, from one on, see the same gates,
// factors and grid row, and the day on which these are read. What a component
// refers to is read in the window of the other component that holds the credit;
// when that is the shorter one, the items fall into stretches.
func (r *run) stretch(k *component, t *tally, from int) (n int, day salesops.Date) {
	if from >= len(t.items) {
		return 0, salesops.Period{End: r.in.Period.End}.Intersect(t.window).Last()
	}
	day = t.items[from].date
	to := len(t.items)
	for _, of := range k.linked {
		other := r.measured[of].at(day)
		for i := from; i < to; i++ {
			if d := t.items[i].date; other != nil && !other.window.Contains(d) || other == nil && r.measured[of].at(d) != nil {
				to = i
			}
		}
	}
	return to - from, day
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
	if k.Pays == PaysTarget {
		target := r.target(k, t)
		e.mult = k.weight.Mul(target)
		if r.in.Explain {
			e.why = append(e.why, step(Product, "target incentive of the component", k.ref+"/weight", arg("target", target), arg("weight", k.weight)))
		}
	}
	for i := range k.factors {
		f := &k.factors[i]
		pos, quota := r.reading(f.of, day)
		v := f.table.at(quota)
		value := v.value(pos, v.band(pos, -1))
		e.mult, e.den = e.mult.Mul(value), e.den.Mul(v.den)
		if r.in.Explain {
			e.why = append(e.why, r.attainment(f.of, pos, quota),
				step(Read, "factor", f.ref, arg(r.c.comps[f.of].ID, ratio(pos, quota))).gives(ratio(value, v.den)))
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
				step(Test, "gate", g.ref, arg(g.Of, ratio(pos, quota)), arg("reach", exact.From(g.Reach))).gives(passed))
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

// walk makes an entry for each of n items of the window, from one on, and
// appends to lines what each earns, before mult and over den. It takes and
// returns the position.
func (r *run) walk(e *engine, j int, t *tally, from, n int, pos exact.Num, lines []exact.Num) (exact.Num, []exact.Num) {
	k := e.k
	band := e.band(pos, -1)
	last, jump := e.lastJump(r, t)
	value, opening := e.value(pos, band), exact.Num{}
	switch {
	case from > 0:
	case e.whole:
		if jump < 0 {
			opening = e.flats(last).Mul(e.flat)
		}
	case e.mode() == Prospective:
		opening = e.flats(band).Mul(e.flat)
	default:
		opening = value.Mul(k.common).Add(e.flats(band).Mul(e.flat))
	}
	if k.reset == PerDeal && t.end.IsZero() && n > 1 {
		opening, jump = exact.Num{}, -1 // taken back, the deal is as if it had not been
	}
	if !opening.IsZero() && k.reset != PerDeal {
		day := r.firstDay(t, k)
		r.entries = append(r.entries, entry{
			kind: Earn, comp: int32(j), row: -1, group: -1, origin: r.c.window(PerPeriod, day),
			note: "for the window, before any credit", more: &details{day: day, lift: -1},
		})
		lines = append(lines, opening)
		opening = exact.Num{}
	}
	rate := e.value(t.end, last)
	for i := from; i < from+n; i++ {
		it := &t.items[i]
		en := entry{kind: Earn, comp: int32(j), row: it.row, group: -1, origin: it.origin, measure: it.measure}
		if it.row < 0 || r.in.Explain {
			en.more = &details{day: it.day, lift: it.lift, from: pos}
		}
		var pay, base exact.Num
		if it.row < 0 { // a score takes the place of the one before
			base = it.measure.Sub(pos)
			pos = it.measure
			en.more.name = k.Measure.Score
		} else {
			base = r.base(k, it)
			pos = pos.Add(r.credit(k, it))
			w := &r.rows[it.row]
			en.group = w.group
			if w.reversal {
				en.kind = Clawed
			}
		}
		en.to = pos
		switch {
		case e.whole:
			pay = rate.Mul(base).Mul(k.common)
			if i == jump {
				pay = pay.Add(e.flats(last).Mul(e.flat))
			}
		default:
			was := band
			band = e.band(pos, band)
			now := e.value(pos, band)
			switch {
			case it.claw:
			case e.mode() == Prospective:
				pay = now.Mul(base).Mul(k.common)
			case it.lift >= 0 && k.lifts[it.lift].credit.IsZero():
				if e.mode() == Marginal { // paid at the rate of the band it finds
					pay = e.curve.rate[max(band, 0)].Mul(base).Mul(k.common)
				}
			case it.lift >= 0:
				pay = now.Sub(value).Mul(k.lifts[it.lift].scale)
			default:
				pay = now.Sub(value).Mul(k.common)
			}
			if was != band && !it.claw {
				pay = pay.Add(e.flats(band).Sub(e.flats(was)).Mul(e.flat))
			}
			value = now
		}
		if i == 0 {
			pay = pay.Add(opening)
		}
		if it.claw {
			continue // clawBack makes its entry
		}
		r.entries = append(r.entries, en)
		lines = append(lines, pay)
	}
	return pos, lines
}

// lastJump returns the band of the end position and, for a Retroactive curve
// with flat sums, the item with which the position came there for good: -1 when
// it was there from the start.
func (e *engine) lastJump(r *run, t *tally) (last, jump int) {
	last, jump = e.band(t.end, -1), -1
	if !e.whole || e.flats(last).IsZero() {
		return last, jump
	}
	var pos exact.Num
	band := e.band(pos, -1)
	for i := range t.items {
		was := band
		pos = pos.Add(r.credit(e.k, &t.items[i]))
		if band = e.band(pos, band); band == last && was != last && !t.items[i].claw {
			jump = i
		}
	}
	return last, jump
}

// firstDay is the first day of a window on which the payee is on the plan.
func (r *run) firstDay(t *tally, k *component) salesops.Date {
	span := t.window.Intersect(r.c.plan.Span).Intersect(k.Span)
	for i := range r.in.Payee.Terms {
		term := &r.in.Payee.Terms[i]
		if cut := term.Span.Intersect(span); term.Plan == r.c.plan.ID && !cut.IsEmpty() {
			return cut.Start
		}
	}
	return t.window.Start
}

// settle turns the exact lines of a window, or stretch, into money: the running total is
// rounded at the end of each pay period, and what it gained is spread over the
// period's lines. So the lines always sum to the rounded total, and later
// credits do not move the cents of earlier ones.
func (r *run) settle(e *engine, t *tally, entries []entry, lines []exact.Num, sum *total) {
	mult := e.mult.Mul(sum.over(e.den))
	for from := 0; from < len(lines); {
		to := from
		for to < len(lines) && entries[to].origin == entries[from].origin {
			lines[to] = lines[to].Mul(mult)
			sum.exact = sum.exact.Add(lines[to])
			to++
		}
		now := r.c.money(sum.exact, sum.den)
		batch := lines[from:to]
		exactly := batch
		if r.in.Explain {
			exactly = append([]exact.Num(nil), batch...)
		}
		if err := exact.Spread(batch, sum.den, now.Sub(sum.money), r.c.places, batch); err != nil {
			r.add("calculation", "", "%v", err) // cannot be: den is not zero, now is rounded
		}
		for i := range batch {
			en := &entries[from+i]
			en.total = batch[i]
			if en.total.IsZero() && en.note == "" {
				en.note = r.whyZero(e, en)
			}
			if r.in.Explain {
				r.explainEarned(e, t, en, exactly[i], sum.den)
			}
		}
		from, sum.money = to, now
	}
}

// total is what a window has come to so far: the exact sum over den, and the
// same in money.
type total struct{ exact, den, money exact.Num }

// over brings the sum and what is over den to a common denominator, and returns
// what the latter is to be multiplied by. They differ only where stretches of a
// window are paid by different curves or factors.
func (s *total) over(den exact.Num) (by exact.Num) {
	by = exact.Int(1)
	switch {
	case s.den.Cmp(den) == 0:
	case s.exact.IsZero():
		s.den = den
	default:
		by = s.den
		s.exact, s.den = s.exact.Mul(den), s.den.Mul(den)
	}
	return by
}

// whyZero says in words why an entry is zero.
func (r *run) whyZero(e *engine, en *entry) string {
	switch {
	case e.shut != "" && e.curve == nil:
		return "gate not reached: " + e.shut
	case en.measure.IsZero() && en.row >= 0:
		return "the measure is zero"
	case e.mult.IsZero():
		return "a factor or the target incentive is zero"
	case e.curve != nil && e.band(en.to, -1) < 0:
		return "below the first band"
	default:
		return "the rate or the rise of pay here is zero"
	}
}
