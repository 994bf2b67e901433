package comp

import "github.com/salesops-go/salesops/internal/exact"

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
				r.explainEarned(e, t, en)
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
	case e.curve != nil && e.bandOf(en.to, -1) < 0:
		return "below the first band"
	default:
		return "the rate or the rise of pay here is zero"
	}
}
