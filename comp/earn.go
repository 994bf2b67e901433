package comp

import (
	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

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

// walk makes an entry for each of n items of the window, from one on, and
// appends to lines what each earns, before mult and over den. It takes and
// returns the position.
func (r *run) walk(e *engine, j int, t *tally, from, n int, pos exact.Num, lines []exact.Num) (exact.Num, []exact.Num) {
	k := e.k
	e.start(pos, t.end)
	jump := r.lastJump(e, t)
	opening := exact.Num{}
	switch {
	case k.reset == PerDeal && r.takenBack(t):
		jump = -1
	case from == 0:
		opening = e.opening(jump)
	}
	if k.reset != PerDeal { // a window of time earns it by itself
		if day := r.firstDay(t, k); !opening.IsZero() && day.Before(r.in.Period.End) {
			r.entries = append(r.entries, entry{
				kind: Earn, comp: int32(j), row: -1, group: -1, origin: r.c.window(PerPeriod, day),
				note: "for the window, before any credit", more: &details{day: day, lift: -1, flat: opening},
			})
			lines = append(lines, opening)
		}
		opening = exact.Num{}
	}
	for i := from; i < from+n; i++ {
		it := &t.items[i]
		en := entry{kind: Earn, comp: int32(j), row: it.row, group: -1, origin: it.origin, measure: it.measure}
		if it.row < 0 || r.in.Explain {
			en.more = &details{day: it.day, lift: it.lift, from: pos}
		}
		var base exact.Num
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
		pay, flat := e.pay(it, pos, base)
		flat = flat.Add(opening)
		opening = exact.Num{}
		if i == jump {
			flat = flat.Add(e.flats(e.last).Mul(e.flat))
		}
		if it.claw {
			continue // clawBack makes its entry
		}
		if en.more != nil {
			en.more.base, en.more.flat = base, flat
		}
		r.entries = append(r.entries, en)
		lines = append(lines, pay.Add(flat))
	}
	return pos, lines
}

// start sets out from a position towards the end position of the window.
func (e *engine) start(pos, end exact.Num) {
	e.band = e.bandOf(pos, -1)
	e.at = e.value(pos, e.band)
	e.last = e.bandOf(end, -1)
	e.rate = e.value(end, e.last)
}

// opening is what the window earns before its first item, at position 0.
func (e *engine) opening(jump int) exact.Num {
	switch {
	case e.whole && jump >= 0: // the flat sum is earned later
		return exact.Num{}
	case e.whole:
		return e.flats(e.last).Mul(e.flat)
	case e.mode() == Prospective:
		return e.flats(e.band).Mul(e.flat)
	default:
		return e.at.Mul(e.k.common).Add(e.flats(e.band).Mul(e.flat))
	}
}

// pay is what an item earns that moves the position to pos and is paid on base,
// and besides, as flat, the flat sums that it reaches.
func (e *engine) pay(it *item, pos, base exact.Num) (pay, flat exact.Num) {
	k := e.k
	if e.whole {
		return e.rate.Mul(base).Mul(k.common), flat
	}
	was, before := e.band, e.at
	e.band = e.bandOf(pos, was)
	e.at = e.value(pos, e.band)
	switch {
	case it.claw:
		return pay, flat
	case e.mode() == Prospective:
		pay = e.at.Mul(base).Mul(k.common)
	case it.lift >= 0 && k.lifts[it.lift].credit.IsZero():
		if e.mode() == Marginal { // paid at the rate of the band it finds
			pay = e.curve.rate[max(e.band, 0)].Mul(base).Mul(k.common)
		}
	case it.lift >= 0:
		pay = e.at.Sub(before).Mul(k.lifts[it.lift].scale)
	default:
		pay = e.at.Sub(before).Mul(k.common)
	}
	if e.band != was {
		flat = e.flats(e.band).Sub(e.flats(was)).Mul(e.flat)
	}
	return pay, flat
}

// takenBack reports whether refunds have left nothing of a deal: it is then as if
// it had not been, and does not earn what a curve pays at zero.
func (r *run) takenBack(t *tally) bool {
	var net exact.Num
	reversal := false
	for i := range t.items {
		net = net.Add(t.items[i].measure)
		reversal = reversal || t.items[i].row >= 0 && r.rows[t.items[i].row].reversal
	}
	return reversal && net.IsZero()
}

// lastJump returns the item that the flat sum of the last band of a Retroactive
// curve goes with: one of the pay period in which the position came there for
// good; -1 when it stood there from the start. It looks at where the position
// stands at the end of each pay period, so that the order of deals within one
// does not move the flat sum to another.
func (r *run) lastJump(e *engine, t *tally) int {
	jump := -1
	if !e.whole || e.flats(e.last).IsZero() {
		return jump
	}
	var pos exact.Num
	closed := e.bandOf(pos, -1) // at the end of the period before
	band, came, paid := closed, -1, -1
	for i := range t.items {
		it := &t.items[i]
		was := band
		pos = pos.Add(r.credit(e.k, it))
		band = e.bandOf(pos, band)
		if !it.claw {
			paid = i
			if band == e.last && was != band {
				came = i
			}
		}
		if i+1 < len(t.items) && t.items[i+1].origin == it.origin {
			continue
		}
		if band == e.last && closed != band && paid >= 0 {
			if jump = came; came < 0 { // a refund brought it there
				jump = paid
			}
		}
		closed, came, paid = band, -1, -1
	}
	return jump
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
